// What a shared library shows: everything is hidden but what has DKN_EXPORT. C includes it too.

#ifndef DKN_EXPORT_H_
#define DKN_EXPORT_H_

#define DKN_EXPORT __attribute__((visibility("default")))
// Of a class inside an exported one, which would be shown with it.
#define DKN_HIDDEN __attribute__((visibility("hidden")))

#endif  // DKN_EXPORT_H_
