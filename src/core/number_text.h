#ifndef DKN_SRC_CORE_NUMBER_TEXT_H_
#define DKN_SRC_CORE_NUMBER_TEXT_H_

#include <string>

namespace dkn {

// Numbers as text, for people and for files. The point is a point in every locale; what is not
// finite is "inf", "-inf", "nan" or "-nan".

// With `digits` >= 0 digits after the point: "3.10".
std::string FixedText(double value, int digits);
// With at most `digits` >= 1 digits that mean something, as printf's %g: "0.25", "1e-07".
std::string DigitsText(double value, int digits = 6);
// The shortest text that reads back as the same number of its type: "0.1".
std::string ShortestText(double value);
std::string ShortestText(float value);
// The text of a number with its sign: "3" becomes "+3", "-3" stays.
std::string WithSign(const std::string& number);

}  // namespace dkn

#endif  // DKN_SRC_CORE_NUMBER_TEXT_H_
