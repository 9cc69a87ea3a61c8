/** The 3-D view of `dkn view`: a script of its own, which the page asks for when it is first shown. */
export { mountPoints } from "../viewer/scene";
