// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks that every value has one producer, and orders nodes by dependence.

#include "Model.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <queue>

using namespace llvm;
using namespace qnn;
using namespace qnn::importer;

/// Stands for "not a node" in the map of producers.
static constexpr size_t kNoNode = ~size_t(0);

std::string importer::describe(const Node &node) {
  return "node '" + node.name + "' (" + node.opType + ")";
}

/// The node that makes each value; kNoNode for inputs and initializers.
static Expected<StringMap<size_t>> findProducers(const Model &model) {
  StringMap<size_t> producers;
  for (const ValueInfo &input : model.inputs)
    if (!producers.try_emplace(input.name, kNoNode).second)
      return modelError("two graph inputs are named '%s'", input.name.c_str());
  for (const Tensor &tensor : model.initializers)
    if (!producers.try_emplace(tensor.name, kNoNode).second)
      return modelError("two initializers are named '%s'", tensor.name.c_str());
  for (size_t i = 0; i < model.nodes.size(); ++i)
    for (const std::string &output : model.nodes[i].outputs)
      if (!output.empty() && !producers.try_emplace(output, i).second)
        return modelError("%s: makes the value '%s', which already exists; "
                          "value names must be unique",
                          describe(model.nodes[i]).c_str(), output.c_str());
  return producers;
}

/// A node in or behind a cycle leads back to a cycle; report one on it.
static Error cycleError(const Model &model, const StringMap<size_t> &producers,
                        const std::vector<unsigned> &numWaiting) {
  size_t current = 0;
  while (!numWaiting[current])
    ++current;
  std::vector<bool> visited(model.nodes.size());
  while (!visited[current]) {
    visited[current] = true;
    for (const std::string &input : model.nodes[current].inputs) {
      size_t producer = input.empty() ? kNoNode : producers.lookup(input);
      if (producer != kNoNode && numWaiting[producer]) {
        current = producer;
        break;
      }
    }
  }
  return modelError("%s: depends on its own result; the graph has a cycle",
                    describe(model.nodes[current]).c_str());
}

/// Node numbers in the order of the file, as far as dependences allow; fewer
/// than all nodes if there is a cycle. Counts `numWaiting` down to zero for
/// every node that has its place.
static std::vector<size_t>
findOrder(const std::vector<std::vector<size_t>> &users,
          std::vector<unsigned> &numWaiting) {
  std::priority_queue<size_t, std::vector<size_t>, std::greater<size_t>> ready;
  for (size_t i = 0; i < users.size(); ++i)
    if (!numWaiting[i])
      ready.push(i);
  std::vector<size_t> order;
  while (!ready.empty()) {
    size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (size_t user : users[node])
      if (--numWaiting[user] == 0)
        ready.push(user);
  }
  return order;
}

Error importer::sortNodes(Model &model) {
  Expected<StringMap<size_t>> producers = findProducers(model);
  if (!producers)
    return producers.takeError();
  for (const ValueInfo &output : model.outputs)
    if (!producers->contains(output.name))
      return modelError("no node, input or initializer makes the output '%s'",
                        output.name.c_str());
  size_t numNodes = model.nodes.size();
  std::vector<unsigned> numWaiting(numNodes);
  std::vector<std::vector<size_t>> users(numNodes);
  for (size_t i = 0; i < numNodes; ++i)
    for (const std::string &input : model.nodes[i].inputs) {
      if (input.empty())
        continue;
      auto producer = producers->find(input);
      if (producer == producers->end())
        return modelError("%s: no node, input or initializer makes its input "
                          "'%s'",
                          describe(model.nodes[i]).c_str(), input.c_str());
      if (producer->second == kNoNode)
        continue;
      users[producer->second].push_back(i);
      ++numWaiting[i];
    }
  std::vector<size_t> order = findOrder(users, numWaiting);
  if (order.size() < numNodes)
    return cycleError(model, *producers, numWaiting);
  std::vector<Node> sorted;
  sorted.reserve(numNodes);
  for (size_t node : order)
    sorted.push_back(std::move(model.nodes[node]));
  model.nodes = std::move(sorted);
  return Error::success();
}
