// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pipes to and from a program.

#include "Subprocess.h"
#include "llvm/ADT/SmallVector.h"
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;
using namespace qnn;

Expected<std::unique_ptr<Subprocess>>
Subprocess::start(ArrayRef<std::string> command) {
  int input[2], output[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)
    return createStringError("cannot make a pipe: " +
                             Twine(std::strerror(errno)));
  // A program that ended is an error of ask(), not of this process.
  std::signal(SIGPIPE, SIG_IGN);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  SmallVector<char *> arguments;
  for (const std::string &argument : command)
    arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t process = 0;
  int error = posix_spawn(&process, arguments[0], &actions, nullptr,
                          arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);
  if (error != 0) {
    close(input[1]);
    close(output[0]);
    return createStringError("cannot start '" + command.front() +
                             "': " + std::strerror(error));
  }
  return std::unique_ptr<Subprocess>(
      new Subprocess(process, fdopen(input[1], "w"), fdopen(output[0], "r")));
}

Subprocess::~Subprocess() {
  std::fclose(toProcess);
  std::fclose(fromProcess);
  waitpid(process, nullptr, 0);
}

Expected<json::Object> Subprocess::ask(json::Object request) {
  std::string line;
  raw_string_ostream os(line);
  os << json::Value(std::move(request)) << "\n";
  std::fwrite(line.data(), 1, line.size(), toProcess);
  std::fflush(toProcess);
  char *answer = nullptr;
  size_t capacity = 0;
  ssize_t size = getline(&answer, &capacity, fromProcess);
  std::string text(answer, size > 0 ? size : 0);
  std::free(answer);
  if (size <= 0)
    return createStringError("the program has ended");
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  json::Object *object = value->getAsObject();
  if (!object)
    return createStringError("the answer is no object: " + text);
  if (std::optional<StringRef> error = object->getString("error"))
    return createStringError(*error);
  return std::move(*object);
}
