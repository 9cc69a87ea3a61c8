#ifndef DKN_SRC_NET_GRAPH_NETWORK_H_
#define DKN_SRC_NET_GRAPH_NETWORK_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "dkn/image.h"
#include "src/net/graph.h"
#include "src/net/safetensors.h"

namespace dkn {

class GraphValues;

// A graph with its values on the CPU, by oneDNN in fp32. Immutable: any number of threads may run
// one network at once. Weights are packed for the processor when a run first needs them.
class GraphNetwork {
 public:
  // Throws Error as CheckTensors does.
  GraphNetwork(Graph graph, const TensorFile& file);
  ~GraphNetwork();

  // What the graph gives for these images, one for each Input. Results do not depend on the number
  // of threads. Throws Error as NodeSizes does.
  Image Run(const std::vector<Image>& inputs) const;

  // Bytes that one Run takes for images of these sizes, at most, beside them.
  std::size_t RunBytes(const std::vector<GraphSize>& inputs) const;

  const Graph& graph() const { return graph_; }

 private:
  Graph graph_;
  std::unique_ptr<GraphValues> values_;
};

}  // namespace dkn

#endif  // DKN_SRC_NET_GRAPH_NETWORK_H_
