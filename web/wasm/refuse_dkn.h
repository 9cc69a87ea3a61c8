#ifndef DKN_WEB_WASM_REFUSE_DKN_H_
#define DKN_WEB_WASM_REFUSE_DKN_H_

namespace dkn {

// Throws MethodError, which tells why the page runs no DKN and what does.
[[noreturn]] void RefuseDkn();

}  // namespace dkn

#endif  // DKN_WEB_WASM_REFUSE_DKN_H_
