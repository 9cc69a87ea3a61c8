#ifndef DKN_WEB_WASM_SINGLE_THREAD_OMP_H_
#define DKN_WEB_WASM_SINGLE_THREAD_OMP_H_

// OpenMP's functions for a program of one thread, as the page's worker is: the convolutions, which
// take most of the time, have the threads of ONNX Runtime.

inline int omp_get_max_threads() {
  return 1;
}
inline int omp_get_num_threads() {
  return 1;
}
inline int omp_get_num_procs() {
  return 1;
}
inline int omp_get_thread_num() {
  return 0;
}
inline void omp_set_num_threads(int) {}

#endif  // DKN_WEB_WASM_SINGLE_THREAD_OMP_H_
