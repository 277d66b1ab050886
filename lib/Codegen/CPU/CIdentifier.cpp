// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names of models and values as names in C.

#include "qnn/Codegen/CPU/CIdentifier.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

/// Keywords of C99 and C++20, and alternative tokens of C++.
static constexpr llvm::StringLiteral kKeywords =
    "alignas alignof and and_eq asm auto bitand bitor bool break case "
    "catch char char8_t char16_t char32_t class co_await co_return "
    "co_yield compl concept const const_cast consteval constexpr "
    "constinit continue decltype default delete do double dynamic_cast "
    "else enum explicit export extern false float for friend goto if "
    "inline int long mutable namespace new noexcept not not_eq nullptr "
    "operator or or_eq private protected public register "
    "reinterpret_cast requires restrict return short signed sizeof "
    "static static_assert static_cast struct switch template this "
    "thread_local throw true try typedef typeid typename union unsigned "
    "using virtual void volatile wchar_t while xor xor_eq ";

static bool isKeyword(llvm::StringRef name) {
  llvm::SmallVector<llvm::StringRef> keywords;
  kKeywords.split(keywords, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return llvm::is_contained(keywords, name);
}

std::string qnn::toCIdentifier(llvm::StringRef name) {
  std::string result;
  if (name.empty() || llvm::isDigit(name.front()))
    result += '_';
  for (char c : name)
    result += llvm::isAlnum(c) ? c : '_';
  if (isKeyword(result) || name.starts_with("qnn_"))
    result += '_';
  return result;
}
