#ifndef DKN_SRC_NET_CONVOLUTION_NETWORK_H_
#define DKN_SRC_NET_CONVOLUTION_NETWORK_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "src/net/convolution_plan.h"
#include "src/net/layer.h"

namespace dkn {

// A convolution with its values, batch normalisation folded in.
struct Convolution {
  Layer layer;
  std::vector<float> weights;  // out x in x kernel x kernel
  std::vector<float> bias;     // out
  // The largest value that its results take, for int8; 0: not known. Larger ones are cut there.
  float largest_output = 0.0f;
};

// A chain of convolutions on the CPU, by oneDNN. Immutable: any number of threads may prepare and
// run sessions of one network at once. The weights are packed for the processor when a session
// first needs them, and shared by all.
class ConvolutionNetwork {
 public:
  // Throws Error unless each convolution takes what the one before it gives and has the values that
  // its layer asks for. Batch normalisation must be folded (layer.batch_norm false). See
  // PlanNetwork for the types.
  explicit ConvolutionNetwork(std::vector<Convolution> chain, const NetworkTypes& types = {});
  ~ConvolutionNetwork();

  // The chain for images of one size, with memory of its own. Of one thread at a time. Uses as many
  // threads as OpenMP gives when it is prepared; results do not depend on that number.
  class Session {
   public:
    ~Session();
    // Where the caller puts the input of a network that takes fp32 before Run: height x width x in
    // values, laid out as input_layout says.
    float* input();
    // The output of a network that gives fp32, valid after Run: height x width x the last layer's
    // out values, laid out as output_layout says.
    const float* output() const;
    ValueLayout input_layout() const;
    ValueLayout output_layout() const;
    // Where the pixel (x, y) of the output begins, of any type, channels innermost.
    const void* OutputAt(int x, int y) const;
    int output_width() const;
    int output_height() const;
    int output_channels() const;
    // Multiplications and additions of one Run, those of padding zeros included.
    double operations() const;
    void Run();
    // Run with the input elsewhere, of the type that the network takes; a session that is run so
    // alone needs no memory for its own.
    void Run(const void* input);
    // Run, in fp32; raises largest[i] to the largest result of layer i, of which there may be none
    // yet.
    void RunAndObserve(std::vector<float>& largest);
    // The convolutions alone, without the conversions between them, so that the result means
    // nothing: what they take of the time.
    void RunConvolutions(const void* input);

   private:
    friend class ConvolutionNetwork;
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };
  // The network must outlive the session. Where `lender` has as much memory for what is between
  // input and output, it is used by both, which then must not run at the same time. Throws Error
  // when the images are too small for the chain.
  std::unique_ptr<Session> Prepare(int width, int height, const Session* lender = nullptr) const;

  // Has oneDNN compile what Prepare for this size will ask it for, and keep it: most of the time
  // that Prepare takes. Of any thread, beside others. Throws Error as Prepare does.
  void Compile(int width, int height) const;

  // What Prepare would make: the size of its output, the bytes that it takes, and those that
  // input() takes further. Throws Error as Prepare does.
  struct SessionSize {
    int output_width;
    int output_height;
    std::size_t bytes;
    std::size_t input_bytes;
  };
  SessionSize SizeOf(int width, int height) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dkn

#endif  // DKN_SRC_NET_CONVOLUTION_NETWORK_H_
