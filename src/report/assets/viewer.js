// Made by `npm run bundle` in web/ from web/src/report and web/src/viewer.
"use strict";(()=>{function c(n,e={},...t){let i=document.createElement(n);for(let[r,o]of Object.entries(e))o!==!1&&i.setAttribute(r,o===!0?"":String(o));return i.append(...t),i}function k(n){let e=n.getContext("2d");if(e===
null)throw new Error("the browser gives no 2-D canvas");return e}function N(n,e,t){let i=window.devicePixelRatio,r=Math.max(1,Math.round(e*i)),o=Math.max(1,Math.round(t*i));return(n.width!==r||n.height!==
o)&&(n.width=r,n.height=o),i}function L(n,e,t){n.options.length===e.length&&e.every((r,o)=>n.options[o]?.text===r)||n.replaceChildren(...e.map(r=>new Option(r))),n.selectedIndex!==t&&(n.selectedIndex=
t)}function g(n,e){n.textContent!==e&&(n.textContent=e)}function ge(n,e){et(n,e),n.node.addEventListener("pointerenter",t=>{t.pointerType==="mouse"&&n.tell("Drag to wipe · click to hold the pixel · then the wheel zooms",4e3)},{once:!0}),nt(n),rt(n,e)}function et(n,e){
let t=new Map,i="none",r={x:0,y:0},o=l=>{let h=n.node.getBoundingClientRect();return{x:l.clientX-h.left,y:l.clientY-h.top}},a=()=>!n.divider.hidden&&n.zoom<1.01?"wipe":n.zoom<1.01?"click":"pan";n.node.
addEventListener("pointerdown",l=>{if(l.button!==0)return;let h=o(l),d=l.target instanceof Node&&n.divider.contains(l.target);t.set(l.pointerId,h),r=h,i=t.size>1?"pinch":d?"wipe":"click",d&&ve(n.node,
l.pointerId)}),n.node.addEventListener("pointermove",l=>{let h=o(l),d=t.get(l.pointerId);if(d===void 0){!n.pinned&&l.pointerType!=="touch"&&e.pixel(n.pixelAt(h.x,h.y),!1,!1);return}if(i==="click"&&Math.
hypot(h.x-r.x,h.y-r.y)>4&&(i=a(),i!=="click"&&ve(n.node,l.pointerId)),i==="wipe")n.setWipe(h.x/n.node.clientWidth);else if(i==="pan")n.moveBy(h.x-d.x,h.y-d.y);else if(i==="pinch"){let u=[...t].find(([
m])=>m!==l.pointerId)?.[1];u!==void 0&&tt(n,d,h,u)}t.set(l.pointerId,h)});let s=(l,h)=>{let d=t.delete(l.pointerId);if(d&&h&&i==="click"){let u=o(l),m=n.pixelAt(u.x,u.y),p=l.pointerType==="touch";e.pixel(
m,p||!n.pinned,!1)}t.size===0?i="none":d&&(i="pan")};n.node.addEventListener("pointerup",l=>{s(l,!0)}),n.node.addEventListener("pointercancel",l=>{s(l,!1)})}function ve(n,e){try{n.setPointerCapture(e)}catch{
return}}function tt(n,e,t,i){let r=Math.hypot(e.x-i.x,e.y-i.y),o=Math.hypot(t.x-i.x,t.y-i.y);r>8&&o>8&&n.zoomBy(o/r,{x:(t.x+i.x)/2,y:(t.y+i.y)/2}),n.moveBy((t.x-e.x)/2,(t.y-e.y)/2)}function nt(n){n.node.
addEventListener("wheel",e=>{if(!(e.ctrlKey||e.metaKey||document.activeElement===n.node)){n.tell("Click the picture first, or hold Ctrl, to zoom by the wheel",1500);return}e.preventDefault();let i=n.node.
getBoundingClientRect(),r=e.deltaMode===WheelEvent.DOM_DELTA_LINE?16:1,o=Math.exp(-Math.max(-240,Math.min(240,e.deltaY*r))/400);n.zoomBy(o,{x:e.clientX-i.left,y:e.clientY-i.top})},{passive:!1})}var it={
ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};function rt(n,e){n.divider.addEventListener("keydown",t=>{let i=t.shiftKey?.1:.02,o={ArrowLeft:n.wipe-i,ArrowDown:n.wipe-i,ArrowRight:n.
wipe+i,ArrowUp:n.wipe+i,PageDown:n.wipe-.1,PageUp:n.wipe+.1,Home:0,End:1}[t.key];o!==void 0&&(t.preventDefault(),t.stopPropagation(),n.setWipe(o))}),n.node.addEventListener("keydown",t=>{if(t.ctrlKey||
t.metaKey||t.altKey)return;let i={"+":()=>{n.zoomBy(1.4)},"=":()=>{n.zoomBy(1.4)},"-":()=>{n.zoomBy(1/1.4)},0:()=>{n.fit()},",":()=>{n.setWipe(n.wipe-.02)},".":()=>{n.setWipe(n.wipe+.02)},Escape:()=>{
n.pixel!==null&&e.pixel(n.pixel,!1,!1)}},r=it[t.key],o=i[t.key];if(r!==void 0){t.preventDefault();let a=ot(n,r,t.shiftKey?10:1);n.reveal(a),e.pixel(a,!0,!0)}else o!==void 0&&(t.preventDefault(),o())})}
function ot(n,[e,t],i){let{width:r,height:o}=n.image,a=n.pixel??{x:r>>1,y:o>>1};return{x:Math.min(r-1,Math.max(0,a.x+i*e)),y:Math.min(o-1,Math.max(0,a.y+i*t))}}function P(n){if(n.guide!==void 0)return n.guide;let e=({width:t,height:i})=>t*i;return n.views.map(({values:t})=>t).reduce((t,i)=>e(i)>e(t)?i:t,{width:1,height:1})}function S(n,{x:e,y:t},i){let r=Math.
min(n.width-1,Math.floor(e*n.width/i.width));return(Math.min(n.height-1,Math.floor(t*n.height/i.height))*n.width+r)*n.channels}function ee(n,e,t){let i=S(n,e,t);return n.data.subarray(i,i+n.channels)}
function te(n,e,t,i){if(n.channels!==e.channels)return NaN;let r=S(n,t,i),o=S(e,t,i),a=0;for(let s=0;s<n.channels;++s)a+=(e.data[o+s]??NaN)-(n.data[r+s]??NaN);return a/n.channels}function we(n,e,t){let{
width:i,height:r}=t,o=new Float32Array(i*r).fill(NaN);if(n.channels===e.channels){let a=be(n,i),s=be(e,i);for(let l=0,h=0;l<r;++l){let d=S(n,{x:0,y:l},t),u=S(e,{x:0,y:l},t);for(let m=0;m<i;++m,++h){let p=d+
(a[m]??0),v=u+(s[m]??0),b=0;for(let f=0;f<n.channels;++f)b+=Math.abs((e.data[v+f]??NaN)-(n.data[p+f]??NaN));o[h]=b/n.channels}}}return{width:i,height:r,channels:1,data:o}}function be(n,e){return Int32Array.
from({length:e},(t,i)=>S(n,{x:i,y:0},{width:e,height:1})%(n.width*n.channels))}function xe(n,e,t,i,r){let o=(d,u,m)=>{let p=m/u,v=Math.max(0,Math.floor(d/p)),b=Math.min(u,Math.ceil((d+i)/p));return{from:v,
count:Math.max(0,b-v),scale:p}},a=o(e,n.width,r.width),s=o(t,n.height,r.height),l=a.count*n.channels,h=new Float32Array(l*s.count);for(let d=0;d<s.count;++d){let u=((s.from+d)*n.width+a.from)*n.channels;
h.set(n.data.subarray(u,u+l),d*l)}return{values:{width:a.count,height:s.count,channels:n.channels,data:h},left:a.from*a.scale,top:s.from*s.scale,width:a.count*a.scale,height:s.count*s.scale}}function M(n){
return n.channels>=3}function ye(n){let e=(t,i,r)=>{let{width:o,height:a,data:s}=i;if(o<1||a<1||s.length!==o*a*r)throw new Error(`${t} is ${o} x ${a} with ${r} channels, but has ${s.length} values`)};
if(n.views.length===0)throw new Error("a frame has no view");for(let{name:t,values:i}of n.views)e(t,i,i.channels);n.guide!==void 0&&e("the guide",n.guide,4),n.confidence!==void 0&&e("the confidence",n.
confidence,1)}function st([n,e,t]){let i=.20689655172413793,r=d=>d>i?d*d*d:3*i*i*(d-4/29),o=(n+16)/116,a=.95047*r(o+e/500),s=r(o),l=1.08883*r(o-t/200),h=d=>{let u=d<=.0031308?12.92*d:1.055*d**.4166666666666667-.055;
return Math.round(255*Math.min(1,Math.max(0,u)))};return[h(3.2406*a-1.5372*s-.4986*l),h(-.9689*a+1.8758*s+.0415*l),h(.0557*a-.204*s+1.057*l)]}function ne(n,e){let t=n.length-1,i=Math.min(t-1,Math.max(
0,Math.trunc(e*t))),r=e*t-i,o=a=>{let s=u=>n[Math.min(t,Math.max(0,u))]?.[a]??0,l=(s(i+1)-s(i-1))/2,h=(s(i+2)-s(i))/2,d=s(i+1)-s(i);return s(i)+r*(l+r*(3*d-2*l-h+r*(l+h-2*d)))};return[o(0),o(1),o(2)]}
function Me(n,e){let i=[0];for(let s=1;s<=4096;++s){let l=e(ne(n,(s-1)/4096),ne(n,s/4096));i.push((i[s-1]??0)+l)}let r=i[4096]??0,o=new Uint8Array(3*256),a=0;for(let s=0;s<256;++s){let l=r*s/255;for(;a<
4096&&(i[a]??0)<l;)++a;o.set(st(ne(n,a/4096)),3*s)}return o}var at=(n,e)=>Math.hypot(n[0]-e[0],n[1]-e[1],n[2]-e[2]),$=Me([[22,30,-50],[42,22,-62],[60,-10,-42],[74,-32,-14],[83,-40,35],[88,-14,72],[76,
24,68],[56,56,50],[32,48,32]],at),A=Me([[0,0,0],[20,32,-38],[38,52,-12],[54,58,30],[72,30,62],[86,2,66],[97,-3,22]],(n,e)=>e[0]-n[0]),Se=Uint8Array.from({length:3*256},(n,e)=>Math.floor(e/3)),ke=new WeakMap;
function V(n){let e=ke.get(n);if(e===void 0){let t=new Uint8Array(1024);for(let i=0;i<256;++i)t.set(n.subarray(3*i,3*i+3),4*i),t[4*i+3]=255;e=new Uint32Array(t.buffer),ke.set(n,e)}return e}var lt=1<<24,E=class{canvas=document.createElement("canvas");image=null;values(e,t,i){let r=this.words(e.width,e.height),o=V(i),a=255,s=t.high>t.low?a/(t.high-t.low):0,{data:l,channels:h}=e;for(let d=0,
u=0;d<r.length;++d,u+=h){let m=l[u]??NaN,p=(m-t.low)*s+.5;r[d]=m-m===0?o[p<0?0:p>a?a:p|0]??0:0}this.put()}colours(e,t){this.words(e.width,e.height);let i=this.image?.data??new Uint8ClampedArray,r=255/
(t.high-t.low),{data:o,channels:a}=e;for(let s=0,l=0;s<i.length;s+=4,l+=a){let h=!0;for(let d=0;d<3;++d){let u=o[l+d]??NaN;h&&=Number.isFinite(u),i[s+d]=(u-t.low)*r}i[s+3]=h?a>3?((o[l+3]??0)-t.low)*r:
255:0}this.put()}picture(e){this.words(e.width,e.height),this.image?.data.set(e.data),this.put()}veil(e){let t=this.words(e.width,e.height);for(let i=0;i<t.length;++i){let r=e.data[i]??NaN,o=r>0?r<1?r:
1:0;t[i]=(Math.round(255*(1-o))<<24|16777215)>>>0}this.put()}words(e,t){return(this.canvas.width!==e||this.canvas.height!==t)&&(this.canvas.width=e,this.canvas.height=t,this.image=null),this.image??=new ImageData(
e,t),new Uint32Array(this.image.data.buffer)}put(){this.image!==null&&(k(this.canvas).putImageData(this.image,0,0),this.image.data.length>lt&&(this.image=null))}},Ee=new Map;function D(n,e,[t,i,r,o]){
let a=Math.max(4,Math.round(8*e)),s=String(a),l=Ee.get(s);if(l===void 0){l=document.createElement("canvas"),l.width=l.height=a;let d=k(l);d.fillStyle="#6f7278",d.fillRect(0,0,a,a),d.strokeStyle="#a4a8\
ae",d.lineWidth=1.2*e,d.beginPath();for(let u of[-a,0,a])d.moveTo(u-1,a+1),d.lineTo(u+a+1,-1);d.stroke(),Ee.set(s,l)}let h=n.createPattern(l,"repeat");h!==null&&(n.fillStyle=h,n.fillRect(t,i,r,o))}function ie(n){let e=Math.max(1,Math.ceil(n.length/65536)),t=new Float32Array(Math.ceil(n.length/e)),i=0;for(let r=0;r<n.length;r+=e){let o=n[r]??NaN;Number.isFinite(o)&&(t[i++]=o)}return t.subarray(0,
i).sort()}function K(n,e){if(n.length===0)return NaN;let t=Math.min(1,Math.max(0,e))*(n.length-1),i=Math.floor(t),r=n[i]??NaN,o=n[Math.min(n.length-1,i+1)]??NaN;return r+(t-i)*(o-r)}function Te(n,e){if(!Number.
isFinite(n)||!Number.isFinite(e))return{low:0,high:1};if(e>n)return{low:n,high:e};let t=Math.max(.5,Math.abs(n)*.001);return{low:n-t,high:n+t}}function Le(n){let e=ie(n);return Te(K(e,.01),K(e,.99))}function C(n){
let e=1/0,t=-1/0;for(let i of n)Number.isFinite(i)&&(e=Math.min(e,i),t=Math.max(t,i));return Te(e,t)}function I(n){let{low:e,high:t}=C(n);if(e<0){let r=Math.max(-e,t);return{low:-r,high:r}}return{low:0,
high:[1,255,65535].find(r=>t<=1.02*r)??t}}function re(n,e){let t=.15*(n.high-n.low);return Math.abs(n.low-e.low)<=t&&Math.abs(n.high-e.high)<=t}function Pe({low:n,high:e},t){if(!(e>n)||t<1)return[];let i=(e-
n)/t,r=10**Math.floor(Math.log10(i)),a=r*([[1.5,1],[3.5,2],[7.5,5]].find(([h])=>i<h*r)?.[1]??10),s=[],l=T(a);for(let h=Math.ceil(n/a-1e-9);h*a<=e+a*1e-9;++h)s.push(Number((h*a).toFixed(l)));return s}function T(n){
return Math.min(9,Math.max(0,Math.ceil(-Math.log10(n)-1e-9)))}function x(n,e){if(!Number.isFinite(n))return"–";let t=n.toFixed(e);return Number(t)===0?t.replace("-",""):t}function oe(n,e){let t=x(n,
e);return Number(t)>0?`+${t}`:t}var H=class{painting=new E;of(e,t,i,[r,o,a]){let{size:s}=t,l=[];if(e.guide!==void 0){let p={left:0,top:0,width:s.width,height:s.height};l.push({canvas:t.image(-1),...p,caption:"on the guide"})}let h=e.
views[0];if(h===void 0)return l;let{values:d,...u}=xe(h.values,r,o,a,s),{canvas:m}=this.painting;if(d.data.length===0)return l;if(M(d))this.painting.colours(d,I(h.values.data)),l.push({canvas:m,...u,caption:`\
on ${h.name}`});else{let p=C(d.data);this.painting.values(d,p,Se);let v=`${x(p.low,i)} to ${x(p.high,i)} ${e.unit}`;l.push({canvas:m,...u,caption:`on ${h.name}, grey from ${v}`.trim()})}return l}};function Ae(n){return n.weight.reduce((e,t)=>e+t,0)}function O(n){return n.weight.reduce((e,t)=>Math.max(e,Math.abs(t)),1e-9)}function Ce(n,e,t){return Math.max(1.2,t*Math.sqrt(Math.abs(n)/e))}function ze(n,e,t){
let i=3;for(let r=0;r<n.weight.length;++r)i=Math.max(i,Math.abs((n.x[r]??e)-e),Math.abs((n.y[r]??t)-t));return[4,8,16,32,64,128].find(r=>r>=i+.5)??256}function se(n){let e=new Map;for(let t=0;t<n.weight.
length;++t){let i=Math.round(n.level?.[t]??0),r=e.get(i);r===void 0?e.set(i,[t]):r.push(t)}return[...e].map(([t,i])=>({level:t,samples:i})).sort((t,i)=>t.level-i.level)}function Re(n){let e=Math.round(
Math.sqrt(n));return e*e===n&&e<=7?e:null}function Ne(n,e,t){let i=r=>Math.abs(n.weight[r]??0);return[...e].sort((r,o)=>i(o)-i(r)).slice(0,t)}var dt="#ff8a00",ht="#2f7bff",$e=["#ffffff","#ffe500","#5dff8f","#ff9df0","#7fe3ff"];function ae(n){return $e[Math.max(0,Math.round(n))]??$e[4]}function U(n,e,t,i,r){let o=O(e),a=[...e.weight.keys()].
sort((s,l)=>Math.abs(e.weight[l]??0)-Math.abs(e.weight[s]??0));n.save();for(let s of a){let l=e.weight[s]??0,h=e.level?.[s]??0,d=Ce(l,o,i),[u,m]=[t.x(e.x[s]??0),t.y(e.y[s]??0)];if(n.beginPath(),h>0){let p=d*
Math.sqrt(Math.PI);n.rect(u-p/2,m-p/2,p,p)}else n.arc(u,m,d,0,2*Math.PI);n.lineWidth=3.5*r,n.strokeStyle="rgb(0 0 0 / 60%)",n.stroke(),n.lineWidth=1.5*r,n.strokeStyle=ae(h),n.stroke(),n.fillStyle=l>=0?
dt:ht,n.fill()}n.restore()}function B(n,[e,t,i],r,o="#fff"){n.save();let a=Math.max(1,Math.round(r));n.lineWidth=a,n.strokeStyle="#000",n.strokeRect(e-1.5*a,t-1.5*a,i+3*a,i+3*a),n.strokeStyle=o,n.strokeRect(
e-.5*a,t-.5*a,i+a,i+a),n.restore()}var Ve=12,W=class{node=c("section",{class:"dkv-kernel","aria-label":"Learned kernel"});method=c("select",{"aria-label":"Kernel of"});title=c("b",{},"Kernel");sum=c("span",{class:"dkv-sum"});loupes;legend=c(
"p",{class:"dkv-marks"});tables=c("div",{class:"dkv-weights"});note=c("p",{class:"dkv-note"});constructor(e){this.loupes=c("div",{class:"dkv-loupes"});let t=c("p",{class:"dkv-head"},this.title,this.method,
this.sum),r=c("p",{class:"dkv-quiet"},"What this pixel is made of: weighted samples of the depth");this.node.append(t,r,this.loupes,this.legend,this.tables,this.note),this.method.addEventListener("cha\
nge",e)}setMethods(e,t){this.method.hidden=e.length<2,g(this.title,e.length===1?`Kernel of ${e[0]??""}`:"Kernel"),L(this.method,e,t)}fail(e){g(this.note,`No kernel here: ${e}`),this.tables.replaceChildren(),
g(this.sum,"")}show(e,t,i){let{x:r,y:o}=e.centre??t,a=ze(e,r,o),s=i(r-a,o-a,2*a+1);for(;this.loupes.children.length<s.length;)this.loupes.append(c("figure",{},c("canvas",{class:"dkv-loupe","aria-hidde\
n":!0}),c("figcaption")));[...this.loupes.children].forEach((h,d)=>{let u=s[d],[m,p]=h.children;u!==void 0&&m instanceof HTMLCanvasElement&&p!==void 0&&(g(p,u.caption),ct(m,u,{kernel:e,x:r,y:o,radius:a}))});
let l=e.weightStep===void 0?2:1;g(this.sum,`weights sum to ${x(Ae(e),l)}`),this.showMarks(e),this.tables.replaceChildren(...ut(e,r,o)),g(this.note,e.note??"")}showMarks(e){let t=r=>c("i",{class:`dkv-d\
ot dkv-${r}`,"aria-hidden":!0}),i=[c("span",{},t("plus"),"adds"),c("span",{},t("minus"),"subtracts"),c("span",{},"area: how much")];if(e.level!==void 0)for(let{level:r}of se(e)){let o=t(r===0?"ring":"\
ring dkv-square");o.style.borderColor=ae(r);let a=2**r,s=r===0?"single pixels":`means of ${a} × ${a}`;i.push(c("span",{},o,s))}this.legend.replaceChildren(...i)}};function ct(n,e,t){let{kernel:i,x:r,
y:o,radius:a}=t,s=n.clientWidth||180,l=N(n,s,s),h=k(n),d=n.width/(2*a+1),u=(f,w)=>(f-w+a+.5)*d;h.imageSmoothingEnabled=!1,h.fillStyle="#3a3d42",h.fillRect(0,0,n.width,n.height);let m=(e.left-r+a)*d,p=(e.
top-o+a)*d,v=[m,p,e.width*d,e.height*d];D(h,l,v),h.drawImage(e.canvas,...v),B(h,[a*d,a*d,d],l),U(h,i,{x:f=>u(f,r),y:f=>u(f,o)},Math.min(.06*n.width,1.5*d),l)}function ut(n,e,t){let i=se(n),r=O(n),o=a=>`${x(
(n.x[a]??0)-e,2)}, ${x((n.y[a]??0)-t,2)}`;return i.map(({level:a,samples:s})=>{let l=Re(s.length),h=s.reduce((f,w)=>f+(n.weight[w]??0),0),d=n.level===void 0?[]:[`level ${a}, sum ${x(h,2)}`],u=Math.min(
Ve,s.length),m=l===null?[`the ${u} heaviest of ${s.length}`]:[],p=c("caption",{},[...d,...m].join(", ")||"weights"),v=f=>{let w=c("td",{title:`at ${o(f)} px`},x(n.weight[f]??0,2)),R=Math.round(42*Math.
abs(n.weight[f]??0)/r);return w.style.setProperty("--share",`${R}%`),w.className=(n.weight[f]??0)>=0?"dkv-plus":"dkv-minus",w};if(l===null){let f=Ne(n,s,Ve).map(w=>c("tr",{},v(w),c("td",{},`at ${o(w)}\
 px`)));return c("table",{class:"dkv-list"},p,c("tbody",{},...f))}let b=Array.from({length:l},(f,w)=>c("tr",{},...s.slice(w*l,(w+1)*l).map(v)));return c("table",{class:"dkv-grid"},p,c("tbody",{},...b))})}var q=class{constructor(e,t,i=25){this.answer=e;this.fail=t;this.pause=i}answer;fail;pause;wanted=null;asking=!1;turn=0;ask(e){this.wanted=e,++this.turn,this.asking||this.work()}cancel(){this.wanted=null,
++this.turn}async work(){for(this.asking=!0;this.wanted!==null;){let e=this.wanted,t=this.turn;this.wanted=null;let i=new Promise(r=>setTimeout(r,this.pause));try{let r=await e();t===this.turn&&this.answer(
r)}catch(r){t===this.turn&&this.fail(r)}await i}this.asking=!1}};var _=class{node=c("div",{class:"dkv-legend"});bar=c("canvas",{class:"dkv-bar",width:256,height:1,"aria-hidden":!0});ticks=c("div",{class:"dkv-ticks","aria-hidden":!0});scale;label=c("span",{class:"dk\
v-label"});hole;veil;low;high;ends;shown="";constructor(e){this.scale=c("div",{class:"dkv-scale"},this.bar,this.ticks);let t=s=>c("i",{class:`dkv-swatch dkv-${s}`,"aria-hidden":!0});this.hole=c("span",
{class:"dkv-key"},t("hole"),"no value"),this.veil=c("span",{class:"dkv-key"},t("veil"),"the whiter, the less it rests on measurements");let i=s=>c("input",{type:"number",step:"any","aria-label":`Value\
 at the ${s} end`});this.low=i("low"),this.high=i("high");let r=(s,l,h)=>{let d=c("button",{type:"button",title:l},s);return d.addEventListener("click",()=>{e(h)}),d},o=()=>{let s=this.low.valueAsNumber,
l=this.high.valueAsNumber,h=l>s;this.low.setAttribute("aria-invalid",String(!h)),this.high.setAttribute("aria-invalid",String(!h)),h&&e("fixed",{low:s,high:l})};this.low.addEventListener("change",o),this.
high.addEventListener("change",o),this.ends=c("span",{class:"dkv-ends"},"Colours from ",this.low," to ",this.high,r("Auto","As the picture came, or without its few lowest and highest values","auto"),r(
"Min–max","From the smallest to the largest value","full"));let a=c("div",{class:"dkv-keys"},this.label,this.hole,this.veil,this.ends);this.node.append(this.scale,a)}show(e,t,i,r,o){this.veil.hidden=
!o,this.ends.hidden=!r,this.scale.hidden=!1,this.hole.hidden=!1,g(this.label,i);let a=this.node.clientWidth,s=`${t.low} ${t.high} ${e[100]??0} ${a}`;if(s===this.shown)return;this.shown=s;let l=new ImageData(
256,1);new Uint32Array(l.data.buffer).set(V(e)),k(this.bar).putImageData(l,0,0),this.drawTicks(t,a);let h=T((t.high-t.low)/1e3);for(let[d,u]of[[this.low,t.low],[this.high,t.high]])document.activeElement!==
d&&(d.value=u.toFixed(h))}showNone(e,t){this.scale.hidden=!0,this.hole.hidden=!0,this.ends.hidden=!0,this.veil.hidden=!t,g(this.label,e)}drawTicks(e,t){let i=Pe(e,Math.max(2,Math.min(10,Math.floor(t/90)))),
r=(i[1]??1)-(i[0]??0),o=T(r);this.ticks.replaceChildren(...i.map(a=>{let s=(a-e.low)/(e.high-e.low),l=c("span",{},x(a,o));return l.style.left=`${100*s}%`,(s<.03||s>.97)&&l.classList.add(s<.5?"dkv-firs\
t":"dkv-last"),l}))}};var G=class{size={width:1,height:1};range={low:0,high:1};choice="auto";frame={views:[],unit:""};serial=0;kept=new Map;compares=new Map;limits=new Map;show(e){let t=this.serial++===0;if(this.frame=e,this.
size=P(e),this.choice!=="fixed"){let i=this.wantedRange();(t||this.choice==="full"||!re(this.range,i))&&(this.range=i)}}choose(e,t){this.choice=e,this.range=t??this.wantedRange()}wantedRange(){let{range:e,
views:t}=this.frame,i=t.find(({values:r})=>!M(r))?.values;return i===void 0?{low:0,high:1}:this.choice==="full"?C(i.data):e===void 0?Le(i.data):{low:e[0],high:e[1]}}hasColours(e){let t=this.frame.views[e]?.
values;return t!==void 0&&!M(t)}image(e){let{guide:t,views:i}=this.frame,r=i[e]?.values;if(e===-1&&t!==void 0)return this.keep("guide","",s=>{s.picture(t)});if(r===void 0)throw new Error(`the frame ha\
s no view ${e}`);let{low:o,high:a}=this.range;return this.keep(`view ${e}`,`${o} ${a}`,s=>{M(r)?s.colours(r,I(r.data)):s.values(r,this.range,$)})}difference(e,t){return this.compared(`difference ${e} ${t}`,
e,t,this.differenceLimit(e,t))}differenceLimit(e,t){return this.limit(`difference ${e} ${t}`,()=>[[e,t]])}errors(e){let t=this.frame.truth??-1;return this.compared(`errors ${e}`,t,e,this.errorLimit())}errorLimit(){
let{truth:e=-1,views:t,errorLimit:i}=this.frame;return i??this.limit("errors",()=>t.map((r,o)=>[e,o]))}veil(){let{confidence:e}=this.frame;return e===void 0?null:this.keep("veil","",t=>{t.veil(e)})}compared(e,t,i,r){
return this.keep(e,String(r),o=>{o.values(this.differences(t,i),{low:0,high:r},A)})}differences(e,t){let i=`${e} ${t}`,r=this.compares.get(i);if(r?.serial===this.serial)return r.values;let o=this.frame.
views[e]?.values,a=this.frame.views[t]?.values,{width:s,height:l}=this.size,h=o===void 0||a===void 0?{width:s,height:l,channels:1,data:new Float32Array(s*l).fill(NaN)}:we(o,a,this.size);return this.compares.
set(i,{values:h,serial:this.serial}),h}limit(e,t){let i=this.limits.get(e);if(i?.serial===this.serial)return i.limit;let r=t().reduce((s,[l,h])=>{let d=K(ie(this.differences(l,h).data),.98);return d>s?
d:s},0)||1,a=i!==void 0&&re({low:0,high:i.limit},{low:0,high:r})?i.limit:r;return this.limits.set(e,{limit:a,serial:this.serial}),a}keep(e,t,i){let r=this.kept.get(e);r===void 0&&(r={painting:new E,stamp:""},
this.kept.set(e,r));let o=`${this.serial} ${t}`;return r.stamp!==o&&(i(r.painting),r.stamp=o),r.painting.canvas}};var Z=class{constructor(e,t){this.load=e;let i=c("button",{type:"button"},"Reset view");i.addEventListener("click",()=>{this.scene?.reset()}),this.byValue.addEventListener("change",t);let r=c("p",{class:"\
dkv-points-bar"},i,c("label",{class:"dkv-check"},this.byValue,"Colours of the values"),c("span",{class:"dkv-quiet"},"Drag turns, wheel zooms, right button or two fingers move. The values are taken as \
depths of a pinhole camera with a focal length of 0.9 × the width."));this.node=c("div",{class:"dkv-points",hidden:!0},this.place,this.message,r)}load;node;byValue=c("input",{type:"checkbox"});place=c(
"div",{class:"dkv-scene"});message=c("p",{class:"dkv-note",role:"status"});scene=null;wanted=null;loading=!1;show(e,t){this.node.hidden=!1,this.wanted=[e,t],this.scene!==null?this.scene.show(e,t):this.
loading||(this.loading=!0,g(this.message,"Loading the 3-D view"),this.start())}hide(){this.node.hidden=!0}destroy(){this.wanted=null,this.scene?.destroy()}async start(){try{let e=await this.load();this.
wanted!==null&&(this.scene=e.mountPoints(this.place),this.scene.show(...this.wanted)),g(this.message,"")}catch(e){g(this.message,`The browser cannot show it: ${String(e)}`)}}};function de(n,e){let t=n.errorLimit===void 0?(e.high-e.low)/1e4:n.errorLimit/200;return Math.min(6,T(t))}function De(n,e,t,i){let r=[...ee(n,e,t)],o=M(n)&&r.some(a=>Math.abs(a)>2)?0:i;return r.some(Number.
isFinite)?r.map(a=>x(a,o)).join(", "):"–"}function pt(n,{x:e,y:t}){let{guide:i}=n;if(i===void 0)return"–";let r=4*(t*i.width+e);return i.data.subarray(r,r+3).join(", ")}var j=class{node=c("div",{class:"\
dkv-readout"});where=c("span",{class:"dkv-where"});parts=c("span",{class:"dkv-parts"});constructor(){this.node.append(this.where,this.parts)}show(e,t,[i,r],o,a){let s=P(e),l=o?" (held; click or Escape\
 frees it)":"";g(this.where,`x ${t.x}, y ${t.y}${l}`);let h=(p,v)=>{let b=e.views[v]?.values,f=b===void 0?pt(e,t):De(b,t,s,a);return le(p,f==="–"?"no value":f,Fe(e,v))},d=[h("A",i),h("B",r)],u=e.views[i]?.
values,m=e.views[r]?.values;if(i!==r&&u!==void 0&&m!==void 0&&u.channels===m.channels){let p=oe(te(u,m,t,s),a);d.push(le("B − A",p,Fe(e,r)))}if(e.confidence!==void 0){let[p=NaN]=ee(e.confidence,t,s);
d.push(le("confidence",x(p,2),""))}this.parts.replaceChildren(...d)}};function Fe(n,e){return e===-1?"":n.unit}function le(n,e,t){let i=t===""||/[^-+.\d]/.test(e)?e:`${e} ${t}`;return c("span",{},c("i",
{},n)," ",c("b",{},i))}var X=class{node;head=c("tr");body=c("tbody");constructor(){let e=c("thead",{},this.head);this.node=c("table",{class:"dkv-values"},e,this.body)}show(e,t,i){let r=P(e),o=e.truth===
void 0?void 0:e.views[e.truth],a=e.unit===""?"value":e.unit,s=o===void 0?["view",a]:["view",a,"error"];this.head.replaceChildren(...s.map(d=>c("th",{scope:"col"},d)));let l=e.views.map(({values:d},u)=>o===
void 0||u===e.truth?NaN:te(o.values,d,t,r)),h=mt(l);this.body.replaceChildren(...e.views.map((d,u)=>{let m=De(d.values,t,r,i),p=l[u]??NaN,v=[ft(d),c("td",{},m)];o!==void 0&&v.push(c("td",{},Number.isFinite(
p)?oe(p,i):""));let b=u!==0&&Math.abs(p)===h;return c("tr",b?{class:"dkv-best"}:{},...v)}))}spoken(){return[...this.body.rows].map(e=>`${e.cells[0]?.textContent??""} ${e.cells[1]?.textContent??""}`).join(
", ")}};function mt(n){let e=n.slice(1).map(Math.abs).filter(Number.isFinite);return e.length>1?Math.min(...e):NaN}function ft({name:n}){return c("td",{title:n},n)}function z(n,e){let t=Math.min(e.width/n.width,e.height/n.height);return{scale:t,left:(e.width-n.width*t)/2,top:(e.height-n.height*t)/2}}function Ke(n,e,t){let i=z(e,t),r=Math.min(Math.max(64,i.scale),
Math.max(i.scale,n.scale)),o=(a,s,l)=>s<=l?(l-s)/2:Math.min(0,Math.max(l-s,a));return{scale:r,left:o(n.left,e.width*r,t.width),top:o(n.top,e.height*r,t.height)}}function Ie(n,e,t,i){return{scale:n.scale*
e,left:t-(t-n.left)*e,top:i-(i-n.top)*e}}function he(n,e,t){return{...n,left:n.left+e,top:n.top+t}}function He(n,e,t,i){let r=Math.min(24,i.width/4,i.height/4),o=(a,s)=>Math.min(s-r,Math.max(r,a))-a;return he(
n,o(n.left+(e+.5)*n.scale,i.width),o(n.top+(t+.5)*n.scale,i.height))}var vt="The picture. Arrow keys move the pixel that is read, with Shift by ten; plus and minus zoom, 0 shows all, comma and full stop move the wipe, Escape frees the pixel.",Y=class{constructor(e){this.
onZoom=e;this.node=c("div",{class:"dkv-stage",tabindex:0,role:"application","aria-label":vt},this.canvas,this.divider,...this.tags,this.hint),this.resized.observe(this.node)}onZoom;node;canvas=c("canv\
as",{class:"dkv-canvas","aria-hidden":!0});pixel=null;pinned=!1;wipe=.5;image={width:1,height:1};place={left:0,top:0,scale:1};fits=!0;box={width:1,height:1};layers=null;waiting=0;telling;tags=[c("span",
{class:"dkv-tag dkv-left"}),c("span",{class:"dkv-tag dkv-right"})];divider=c("div",{class:"dkv-divider",role:"slider",tabindex:0,"aria-label":"Wipe between A and B","aria-valuemin":0,"aria-valuemax":100},
c("span",{"aria-hidden":!0},"◂▸"));hint=c("span",{class:"dkv-hint","aria-hidden":!0});resized=new ResizeObserver(()=>{this.resize()});destroy(){this.resized.disconnect(),cancelAnimationFrame(this.
waiting)}show(e,t){let i=t.width!==this.image.width||t.height!==this.image.height;this.layers=e,i&&(this.image={width:t.width,height:t.height},this.fits=!0,this.node.style.aspectRatio=`${t.width} / ${t.
height}`,this.resize()),this.divider.hidden=e.right===null,g(this.tags[0],e.leftName),g(this.tags[1],e.rightName),this.tags[1].hidden=e.right===null,this.setWipe(this.wipe)}get zoom(){return this.place.
scale/z(this.image,this.box).scale}get scale(){return this.place.scale}zoomBy(e,t){this.setPlace(Ie(this.place,e,t?.x??this.focus().x,t?.y??this.focus().y))}moveBy(e,t){this.setPlace(he(this.place,e,t))}fit(){
this.setPlace(z(this.image,this.box))}reveal({x:e,y:t}){this.fits||this.setPlace(He(this.place,e,t,this.box))}setWipe(e){this.wipe=Math.min(1,Math.max(0,e)),this.divider.style.left=`${100*this.wipe}%`,
this.divider.setAttribute("aria-valuenow",String(Math.round(100*this.wipe)));let t=!this.divider.hidden;this.tags[0].style.opacity=t&&this.wipe<.04?"0":"1",this.tags[1].style.opacity=this.wipe>.96?"0":
"1",this.draw()}pixelAt(e,t){let i=(r,o)=>Math.min(o-1,Math.max(0,Math.floor(r/this.place.scale)));return{x:i(e-this.place.left,this.image.width),y:i(t-this.place.top,this.image.height)}}tell(e,t){g(this.
hint,e),this.hint.classList.add("dkv-told"),clearTimeout(this.telling),this.telling=setTimeout(()=>{this.hint.classList.remove("dkv-told")},t)}draw(){this.waiting===0&&(this.waiting=requestAnimationFrame(
()=>{this.waiting=0,this.drawNow()}))}focus(){let{width:e,height:t}=this.box;if(this.pixel!==null){let i=this.place.left+(this.pixel.x+.5)*this.place.scale,r=this.place.top+(this.pixel.y+.5)*this.place.
scale;if(i>=0&&r>=0&&i<=e&&r<=t)return{x:i,y:r}}return{x:e/2,y:t/2}}setPlace(e){this.place=Ke(e,this.image,this.box),this.fits=this.zoom<1.001,this.node.classList.toggle("dkv-zoomed",!this.fits),this.
draw(),this.onZoom()}resize(){let{clientWidth:e,clientHeight:t}=this.node;if(e===0||t===0)return;let i=this.pixelAt(this.box.width/2,this.box.height/2),r=this.zoom;if(this.box={width:e,height:t},this.
fits){this.fit();return}let o=z(this.image,this.box).scale*r;this.setPlace({scale:o,left:e/2-(i.x+.5)*o,top:t/2-(i.y+.5)*o})}drawNow(){let{layers:e}=this;if(e===null||this.node.clientWidth===0)return;
let t=k(this.canvas),i=N(this.canvas,this.box.width,this.box.height),{width:r,height:o}=this.canvas,a=this.place.left*i,s=this.place.top*i,l=this.image.width*this.place.scale*i,h=this.image.height*this.
place.scale*i;t.clearRect(0,0,r,o),D(t,i,[a,s,l,h]),t.imageSmoothingEnabled=this.place.scale*i<1,t.imageSmoothingQuality="high";let d=e.right===null?r:Math.round(this.wipe*r),u=(m,p,v)=>{t.save(),t.beginPath(),
t.rect(p,0,v-p,o),t.clip(),t.drawImage(m,a,s,l,h),t.restore()};u(e.left,0,d),e.right!==null&&u(e.right,d,r),e.veil!==null&&(t.globalAlpha=.85,t.drawImage(e.veil,a,s,l,h),t.globalAlpha=1),this.drawMarks(
t,i)}drawMarks(e,t){let i=this.place.scale*t,r=s=>(s+.5)*i+this.place.left*t,o=s=>(s+.5)*i+this.place.top*t,a=this.layers?.kernel??null;if(a!==null){let s=Math.min(14,Math.max(5,.45*this.place.scale))*
t;U(e,a,{x:r,y:o},s,t)}if(this.pixel!==null){let s=Math.max(i,9*t),l=[r(this.pixel.x)-s/2,o(this.pixel.y)-s/2,s];B(e,l,t,this.pinned?"#ffd400":"#fff")}}};var gt=`
.dkv {
  --dkv-ground: #f6f7f8;
  --dkv-card: #ffffff;
  --dkv-text: #1d1f23;
  --dkv-quiet: #5c636d;
  --dkv-line: #d8dbe0;
  --dkv-accent: #0b62a8;
  --dkv-on-accent: #ffffff;
  --dkv-plus: #ff8a00;
  --dkv-minus: #2f7bff;
  color-scheme: light dark;
  container-type: inline-size;
  color: var(--dkv-text);
  font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
@media (prefers-color-scheme: dark) {
  .dkv {
    --dkv-ground: #24282e;
    --dkv-card: #1d2025;
    --dkv-text: #e6e8eb;
    --dkv-quiet: #a3aab5;
    --dkv-line: #3a4049;
    --dkv-accent: #6db3f2;
    --dkv-on-accent: #10161c;
  }
}
.dkv *, .dkv *::before { box-sizing: border-box; }
.dkv [hidden] { display: none !important; }
.dkv p, .dkv figure { margin: 0; }
.dkv-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.dkv-quiet, .dkv-note, .dkv-marks, .dkv figcaption { color: var(--dkv-quiet); font-size: 13px; }

.dkv-toolbar { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; margin-bottom: 10px; }
.dkv-pair { display: flex; flex: 0 1 auto; gap: 6px; align-items: center; min-width: 0; max-width: 100%; }
.dkv-side { display: flex; gap: 5px; align-items: center; min-width: 0; }
.dkv-side > b { display: inline-grid; place-items: center; width: 20px; height: 20px; border-radius: 4px; background: var(--dkv-text); color: var(--dkv-card); font-size: 12px; flex: none; }
.dkv select, .dkv button, .dkv input[type=number] {
  min-height: 32px; padding: 3px 9px; border: 1px solid var(--dkv-line); border-radius: 7px;
  background: var(--dkv-ground); color: inherit; font: inherit;
}
.dkv select { min-width: 0; max-width: 190px; text-overflow: ellipsis; }
.dkv button { cursor: pointer; }
.dkv button:hover, .dkv select:hover { border-color: var(--dkv-quiet); }
.dkv :is(select, button, input, canvas, .dkv-stage, .dkv-divider):focus-visible { outline: 2px solid var(--dkv-accent); outline-offset: 2px; }
.dkv-group { display: inline-flex; }
.dkv-group > * { margin-left: -1px; border-radius: 0 !important; }
.dkv-group > :first-child { margin-left: 0; border-radius: 7px 0 0 7px !important; }
.dkv-group > :last-child { border-radius: 0 7px 7px 0 !important; }
.dkv-toolbar > .dkv-group:last-child { margin-left: auto; }
.dkv-group > button { min-width: 34px; }
.dkv-group > button:nth-child(2) { min-width: 66px; }
.dkv-modes label { position: relative; display: inline-flex; align-items: center; min-height: 32px; padding: 3px 11px; border: 1px solid var(--dkv-line); background: var(--dkv-ground); cursor: pointer\
; }
.dkv-modes label:has(:checked) { background: var(--dkv-accent); border-color: var(--dkv-accent); color: var(--dkv-on-accent); z-index: 1; }
.dkv-modes label:has(:focus-visible) { outline: 2px solid var(--dkv-accent); outline-offset: 2px; z-index: 2; }
.dkv-modes input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.dkv-check { display: inline-flex; gap: 6px; align-items: center; cursor: pointer; }
.dkv-check input { width: 16px; height: 16px; margin: 0; accent-color: var(--dkv-accent); }

.dkv-body { display: grid; grid-template-columns: minmax(0, 1fr) 336px; gap: 20px; align-items: start; }
@container (max-width: 820px) { .dkv-body { grid-template-columns: minmax(0, 1fr); } }
.dkv-body.dkv-alone { grid-template-columns: minmax(0, 1fr); }
.dkv-screen { min-width: 0; }
.dkv-stage { position: relative; width: 100%; max-height: max(260px, 76vh); overflow: hidden; border-radius: 8px; background: #17191d; cursor: crosshair; touch-action: pan-y; user-select: none; -webki\
t-user-select: none; }
.dkv-stage.dkv-zoomed { touch-action: none; }
.dkv-canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.dkv-divider { position: absolute; top: 0; bottom: 0; width: 28px; margin-left: -14px; cursor: ew-resize; touch-action: none; border-radius: 4px; }
.dkv-divider::before { content: ""; position: absolute; top: 0; bottom: 0; left: 13px; width: 2px; background: #fff; box-shadow: 0 0 0 1px rgb(0 0 0 / 45%); }
.dkv-divider span { position: absolute; top: 82%; left: 50%; transform: translate(-50%, -50%); padding: 3px 7px; border-radius: 14px; background: #fff; color: #1d1f23; font-size: 13px; line-height: 20\
px; letter-spacing: 2px; box-shadow: 0 1px 5px rgb(0 0 0 / 55%); white-space: nowrap; }
.dkv-divider:focus-visible { outline-color: #fff; outline-offset: -3px; }
.dkv-tag { position: absolute; top: 10px; max-width: 46%; padding: 2px 10px; border-radius: 6px; background: rgb(15 17 20 / 78%); color: #fff; font-size: 13px; pointer-events: none; overflow: hidden; \
text-overflow: ellipsis; white-space: nowrap; }
.dkv-left { left: 10px; }
.dkv-right { right: 10px; }
.dkv-hint { position: absolute; left: 50%; bottom: 14px; max-width: 90%; transform: translateX(-50%); padding: 5px 12px; border-radius: 8px; background: rgb(15 17 20 / 85%); color: #fff; font-size: 13\
px; text-align: center; opacity: 0; visibility: hidden; pointer-events: none; }
.dkv-hint.dkv-told { opacity: 1; visibility: visible; }
@media (prefers-reduced-motion: no-preference) { .dkv-tag, .dkv-hint { transition: opacity 0.15s; } }

.dkv-readout { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 8px 2px; min-height: 21px; }
.dkv[data-mode=points] .dkv-readout { display: none; }
.dkv-parts { display: flex; flex-wrap: wrap; gap: 2px 18px; }
.dkv-readout i { color: var(--dkv-quiet); font-style: normal; }
.dkv-where { color: var(--dkv-quiet); }
.dkv-legend { margin: 6px 2px 0; }
.dkv-bar { display: block; width: 100%; height: 12px; border-radius: 4px; image-rendering: pixelated; }
.dkv-ticks { position: relative; height: 22px; font-size: 12px; color: var(--dkv-quiet); }
.dkv-ticks span { position: absolute; top: 5px; transform: translateX(-50%); white-space: nowrap; }
.dkv-ticks span::before { content: ""; position: absolute; top: -5px; left: 50%; height: 4px; border-left: 1px solid var(--dkv-quiet); }
.dkv-ticks .dkv-first { transform: none; }
.dkv-ticks .dkv-last { transform: translateX(-100%); }
.dkv-ticks .dkv-first::before { left: 0; }
.dkv-ticks .dkv-last::before { left: 100%; }
.dkv-keys { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; margin-top: 4px; font-size: 13px; }
.dkv-label { font-weight: 600; }
.dkv-key { display: inline-flex; gap: 6px; align-items: center; color: var(--dkv-quiet); }
.dkv-swatch { width: 22px; height: 13px; border: 1px solid var(--dkv-line); border-radius: 3px; }
.dkv-hole { background: repeating-linear-gradient(-45deg, #6f7278 0 4px, #a4a8ae 4px 5.6px); }
.dkv-veil { background: linear-gradient(90deg, #2f7bff, #ffffff); }
.dkv-ends { display: inline-flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-left: auto; color: var(--dkv-quiet); }
.dkv-ends > * { color: var(--dkv-text); }
.dkv-ends input { width: 84px; }
.dkv-ends input[aria-invalid=true] { border-color: #d33; }

.dkv-points { min-width: 0; }
.dkv-scene { position: relative; width: 100%; height: min(62vh, 560px); min-height: 260px; overflow: hidden; border-radius: 8px; background: #17191d; }
.dkv-scene canvas { position: absolute; inset: 0; width: 100%; height: 100%; border-radius: 8px; cursor: grab; }
.dkv-scene canvas:focus-visible { outline-offset: -3px; }
.dkv-two::after { content: ""; position: absolute; top: 0; bottom: 0; left: 50%; width: 1px; background: #565c66; }
.dkv-points-bar { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; margin-top: 8px !important; }

.dkv-panel { display: grid; gap: 16px; min-width: 0; }
.dkv-alone .dkv-panel :is(table, section) { display: none; }
@container (max-width: 820px) and (min-width: 560px) { .dkv-panel { grid-template-columns: minmax(0, 1fr) 336px; align-items: start; } }
.dkv-values { width: 100%; border-collapse: collapse; table-layout: auto; }
.dkv-values :is(th, td) { padding: 4px 6px; text-align: right; white-space: nowrap; }
.dkv-values th { border-bottom: 1px solid var(--dkv-line); color: var(--dkv-quiet); font-weight: normal; }
.dkv-values tr > :first-child { max-width: 170px; padding-left: 2px; text-align: left; overflow: hidden; text-overflow: ellipsis; }
.dkv-values .dkv-best td { color: var(--dkv-accent); font-weight: 600; }
.dkv-kernel { display: grid; gap: 8px; min-width: 0; }
.dkv-head { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: baseline; }
.dkv-sum { margin-left: auto; color: var(--dkv-quiet); font-size: 13px; }
.dkv-loupes { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; }
.dkv-loupe { display: block; width: 100%; aspect-ratio: 1; border-radius: 6px; background: #3a3d42; }
.dkv-loupes figcaption { margin-top: 3px; line-height: 1.3; font-size: 12px; }
.dkv-marks { display: flex; flex-wrap: wrap; gap: 2px 14px; }
.dkv-marks span { display: inline-flex; gap: 6px; align-items: center; }
.dkv-dot { width: 10px; height: 10px; border-radius: 50%; }
.dkv-dot.dkv-plus { background: var(--dkv-plus); }
.dkv-dot.dkv-minus { background: var(--dkv-minus); }
.dkv-dot.dkv-ring { width: 13px; height: 13px; border: 2px solid; background: #3a3d42; box-shadow: 0 0 0 1px #3a3d42; }
.dkv-dot.dkv-square { border-radius: 2px; }
.dkv-weights { display: flex; flex-wrap: wrap; gap: 10px 12px; font-size: 12px; }
.dkv-weights table { border-collapse: collapse; flex: 1 1 140px; }
.dkv-weights caption { padding-bottom: 3px; color: var(--dkv-quiet); text-align: left; white-space: nowrap; }
.dkv-weights td { padding: 3px 4px; border: 1px solid var(--dkv-line); text-align: center; }
.dkv-weights td.dkv-plus { background: color-mix(in srgb, var(--dkv-plus) var(--share), transparent); }
.dkv-weights td.dkv-minus { background: color-mix(in srgb, var(--dkv-minus) var(--share), transparent); }

@container (max-width: 560px) {
  .dkv-pair { width: 100%; }
  .dkv-side { flex: 1 1 0; }
  .dkv-side select { width: 100%; max-width: none; }
  .dkv-toolbar { gap: 8px 12px; }
  .dkv-toolbar > .dkv-group:last-child { margin-left: 0; }
  .dkv-ends { margin-left: 0; }
  .dkv-tag { max-width: 42%; top: 6px; font-size: 12px; }
  .dkv-left { left: 6px; }
  .dkv-right { right: 6px; }
}
`,J=null;function Oe(){J===null&&(J=new CSSStyleSheet,J.replaceSync(gt),document.adoptedStyleSheets.push(J))}var bt=[["values","Wipe","A at the left of the wipe, B at the right"],["difference","Difference","How far A and B are apart"],["errors","Errors","How far A and B are from the truth"],["points","3-D","\
Both as points in space, coloured by the picture"]],wt=0,Q=class{node;a=c("select",{"aria-label":"A, at the left"});b=c("select",{"aria-label":"B, at the right"});modes=new Map;confidence=c("input",{type:"\
checkbox"});kernel=c("input",{type:"checkbox"});zoom=c("button",{type:"button",title:"Show all (0)"},"100 %");zoomTools;indices=[];constructor(e){let t=()=>{e.choose(this.index(this.a),this.index(this.
b))};this.a.addEventListener("change",t),this.b.addEventListener("change",t);let i=ce("⇄","Swap A and B",()=>{e.choose(this.index(this.b),this.index(this.a))});this.confidence.addEventListener("chan\
ge",()=>{e.setConfidence(this.confidence.checked)}),this.kernel.addEventListener("change",()=>{e.setKernel(this.kernel.checked)}),this.zoom.addEventListener("click",()=>{e.fit()});let r=(o,a)=>c("span",
{class:"dkv-side"},c("b",{"aria-hidden":!0},o),a);this.zoomTools=c("span",{class:"dkv-group",role:"group","aria-label":"Zoom"},ce("−","Zoom out (-)",()=>{e.zoomBy(1/1.4)}),this.zoom,ce("+","Zoom in \
(+)",()=>{e.zoomBy(1.4)})),this.node=c("div",{class:"dkv-toolbar"},c("span",{class:"dkv-pair"},r("A",this.a),i,r("B",this.b)),this.modeGroup(e),c("label",{class:"dkv-check",title:"How much each pixel \
rests on what was measured"},this.confidence,"Confidence"),c("label",{class:"dkv-check",title:"The samples that the marked pixel is made of"},this.kernel,"Kernel"),this.zoomTools)}show(e,t,i){let r=e.
views.map(({name:s})=>s),o=e.guide!==void 0;this.indices=[...o?[-1]:[],...r.keys()];let a=o?["guide",...r]:r;L(this.a,a,this.indices.indexOf(t.a)),L(this.b,a,this.indices.indexOf(t.b));for(let[s,l]of this.
modes){l.checked=s===t.mode;let h=l.parentElement;h!==null&&(h.hidden=s==="errors"&&e.truth===void 0||s==="points"&&!i)}this.confidence.checked=t.confidence,Ue(this.confidence,e.confidence===void 0||t.
mode==="points"),this.kernel.checked=t.kernel,Ue(this.kernel,e.kernelAt===void 0&&e.kernels===void 0),this.zoomTools.hidden=t.mode==="points"}showZoom(e){this.zoom.textContent=`${Math.round(100*e)} %`}index(e){
return this.indices[e.selectedIndex]??0}modeGroup(e){let t=`dkv-mode-${wt++}`,i=bt.map(([r,o,a])=>{let s=c("input",{type:"radio",name:t,value:r});return s.addEventListener("change",()=>{e.setMode(r)}),
this.modes.set(r,s),c("label",{title:a},s,c("span",{},o))});return c("span",{class:"dkv-group dkv-modes",role:"radiogroup","aria-label":"Compare by"},...i)}};function Ue(n,e){n.parentElement!==null&&(n.
parentElement.hidden=e)}function ce(n,e,t){let i=c("button",{type:"button",title:e,"aria-label":e},n);return i.addEventListener("click",t),i}function We(n,e){return new pe(n,e)}var pe=class{frame=null;a=0;b=0;mode="values";confidence=!1;kernelOn=!0;field=0;kernel=null;pictures=new G;grounds=new H;node=c("div",{class:"dkv"});body=c("div",{class:"\
dkv-body"});stage;toolbar;readout=new j;table=new X;legend;panel;points;spoken=c("p",{class:"dkv-hidden",role:"status"});latest;resized=new ResizeObserver(()=>{this.render()});constructor(e,t){Oe(),this.
stage=new Y(()=>{this.toolbar.showZoom(this.stage.zoom)}),this.toolbar=new Q(this.actions()),this.legend=new _((o,a)=>{this.chooseRange(o,a)}),this.panel=new W(()=>{this.field=this.panel.method.selectedIndex,
this.askKernel()}),this.points=t===void 0?null:new Z(t,()=>{this.render()}),this.latest=new q(o=>{this.kernel=o,this.showKernel()},o=>{this.kernel=null,this.panel.fail(o instanceof Error?o.message:String(
o)),this.draw()}),ge(this.stage,{pixel:(o,a,s)=>{this.movePixel(o,a,s)}});let i=c("div",{class:"dkv-screen"},this.stage.node);this.points!==null&&i.append(this.points.node),i.append(this.readout.node,
this.legend.node);let r=c("aside",{class:"dkv-panel","aria-label":"Values at the pixel"},this.table.node,this.panel.node,this.spoken);this.body.append(i,r),this.node.append(this.toolbar.node,this.body),
e.append(this.node),this.resized.observe(this.node)}show(e){ye(e);let t=this.frame,i=[this.a,this.b].map(d=>t?.views[d]?.name);this.pictures.show(e);let{width:r,height:o}=this.pictures.size,a=t===null||
t.unit!==e.unit||r!==this.stage.image.width||o!==this.stage.image.height;this.frame=e;let[s,l]=e.shownFirst??[0,Math.min(1,e.views.length-1)];this.a=Be(e,this.a,i[0],s),this.b=Be(e,this.b,i[1],l),this.
field=Math.min(this.field,Math.max(0,ue(e).length-1)),this.mode==="errors"&&e.truth===void 0&&(this.mode="values");let h=ue(e).length===0&&e.views.length<3;this.body.classList.toggle("dkv-alone",h),a&&
(this.pictures.choose("auto"),this.stage.pinned=!1,this.stage.pixel=e.start??{x:r>>1,y:o>>1}),this.render(),this.askKernel()}destroy(){this.latest.cancel(),this.resized.disconnect(),this.stage.destroy(),
this.points?.destroy(),this.node.remove()}actions(){let e=t=>{t(),this.render()};return{choose:(t,i)=>{e(()=>{[this.a,this.b]=[t,i]})},setMode:t=>{e(()=>{this.mode=t})},setConfidence:t=>{e(()=>{this.confidence=
t})},setKernel:t=>{e(()=>{this.kernelOn=t}),this.askKernel()},zoomBy:t=>{this.stage.zoomBy(t)},fit:()=>{this.stage.fit()}}}chooseRange(e,t){this.pictures.choose(e,t),this.render()}movePixel(e,t,i){let r=e.
x!==this.stage.pixel?.x||e.y!==this.stage.pixel.y;this.stage.pixel=e,this.stage.pinned=t,this.showPixel(),this.stage.draw(),i&&g(this.spoken,`x ${e.x}, y ${e.y}: ${this.table.spoken()}`),r&&this.askKernel()}render(){
let{frame:e}=this;if(e===null)return;let{a:t,b:i,mode:r,confidence:o}=this;this.node.dataset.mode=r,this.toolbar.show(e,{a:t,b:i,mode:r,confidence:o,kernel:this.kernelOn},this.points!==null),this.draw(),
this.showLegend(e),this.showPixel(),r==="points"?this.points?.show(this.clouds(e),this.pictures.size.width/this.pictures.size.height):this.points?.hide(),this.stage.node.hidden=r==="points"}draw(){this.
frame!==null&&this.stage.show(this.layers(this.frame),this.pictures.size)}layers(e){let{a:t,b:i,mode:r,pictures:o}=this,a=d=>e.views[d]?.name??"guide",s=d=>[a(d),e.views[d]?.note??""].join("  ").trim(),
l={veil:this.confidence?o.veil():null,kernel:this.kernelOn?this.kernel:null};if(r==="difference"){let d=`| ${a(i)} − ${a(t)} |`;return{left:o.difference(t,i),right:null,leftName:d,rightName:"",...l}}
let h=d=>r==="errors"&&d!==-1?o.errors(d):o.image(d);return{left:h(t),right:h(i),leftName:s(t),rightName:s(i),...l}}showLegend(e){let{a:t,b:i,mode:r,pictures:o,legend:a}=this,s=this.confidence&&e.confidence!==
void 0&&r!=="points",l=e.unit===""?"value":e.unit;if(r==="difference"){let h={low:0,high:o.differenceLimit(t,i)};a.show(A,h,`${l}, |B − A|, to its 98th percentile`,!1,s)}else if(r==="errors"){let h={
low:0,high:o.errorLimit()},d=`${l}, |result − truth|, to the worst's 98th percentile`;a.show(A,h,d,!1,s)}else(o.hasColours(t)||o.hasColours(i))&&!this.pictureColours(e)?a.show($,o.range,l,!0,s):a.showNone(
"Colours of the picture",s)}pictureColours(e){return this.mode==="points"&&e.guide!==void 0&&!this.points?.byValue.checked}clouds(e){return[...new Set([this.a,this.b])].filter(i=>this.pictures.hasColours(
i)).flatMap(i=>{let r=e.views[i],o=this.pictures.image(this.pictureColours(e)?-1:i);return r===void 0?[]:[{name:r.name,values:r.values,colours:o}]})}showPixel(){let{frame:e}=this,{pixel:t}=this.stage;
if(e!==null&&t!==null){let i=de(e,this.pictures.range);this.readout.show(e,t,[this.a,this.b],this.stage.pinned,i),this.table.show(e,t,i)}}askKernel(){let{frame:e}=this,{pixel:t}=this.stage,i=e===null?
[]:ue(e),r=i[this.field];if(this.panel.node.hidden=r===void 0||!this.kernelOn,r===void 0||t===null||!this.kernelOn){this.latest.cancel(),this.kernel=null,this.draw();return}this.panel.setMethods(i.map(
({name:o})=>o).filter(o=>o!==""),this.field),this.latest.ask(()=>r.at(t.x,t.y))}showKernel(){let{frame:e,kernel:t,pictures:i}=this,{pixel:r}=this.stage;if(e===null||t===null||r===null)return;let o=de(
e,i.range);this.panel.show(t,r,(a,s,l)=>this.grounds.of(e,i,o,[a,s,l])),this.draw()}};function ue(n){if(n.kernels!==void 0)return n.kernels;let e=n.kernelAt?.bind(n);return e===void 0?[]:[{name:"",at:e}]}
function Be(n,e,t,i){if(e===-1&&n.guide!==void 0)return-1;let r=n.views.findIndex(o=>o.name===t);return t!==void 0&&r>=0?r:i}function xt(n){return Uint8Array.from(atob(n),e=>e.charCodeAt(0))}async function me(n){let{width:e,height:t,bits:i,channels:r,parts:o}=kt(xt(n)),a=r*i/8,s=await yt(o),l=e*a;if(s.length!==(l+1)*t)throw new Error(
`a PNG of ${e} x ${t} has ${s.length} bytes`);let h=Et(s,l,t,a);if(i===8)return{width:e,height:t,channels:r,data:h};let d=new Uint16Array(h.length/2);for(let u=0;u<d.length;++u)d[u]=(h[2*u]??0)<<8|(h[2*
u+1]??0);return{width:e,height:t,channels:r,data:d}}async function yt(n){let e=new Blob([...n]).stream().pipeThrough(new DecompressionStream("deflate"));return new Uint8Array(await new Response(e).arrayBuffer())}
function kt(n){let e=new DataView(n.buffer),t={width:0,height:0,bits:8,channels:1,parts:[]};for(let i=8;i+12<=n.length;){let r=e.getUint32(i),o=String.fromCharCode(...n.subarray(i+4,i+8));o==="IHDR"?(t.
width=e.getUint32(i+8),t.height=e.getUint32(i+12),t.bits=n[i+16]??8,t.channels=n[i+17]===2?3:1):o==="IDAT"&&t.parts.push(n.subarray(i+8,i+8+r)),i+=12+r}return t}function Mt(n,e,t){let i=Math.abs(e-t),
r=Math.abs(n-t),o=Math.abs(n+e-2*t);return i<=r&&i<=o?n:r<=o?e:t}function St(n,e,t,i){switch(n){case 1:return e;case 2:return t;case 3:return e+t>>1;case 4:return Mt(e,t,i);default:return 0}}function Et(n,e,t,i){
let r=new Uint8Array(e*t);for(let o=0;o<t;++o){let a=n[o*(e+1)]??0;for(let s=0;s<e;++s){let l=o*e+s,h=s>=i,d=h?r[l-i]??0:0,u=o>0?r[l-e]??0:0,m=h&&o>0?r[l-e-i]??0:0;r[l]=(n[o*(e+1)+1+s]??0)+St(a,d,u,m)}}
return r}var Tt=65535;async function qe(n){let e=Promise.all(n.pictures.map(a=>Pt(a,n))),t=Promise.all(n.kernels.map(zt)),i=a=>n.pictures.findIndex(({kind:s})=>s===a),r={guide:await Ct(n),views:await e,shownFirst:[
i("input"),Lt(n)],unit:n.unit,range:n.depth,truth:i("truth"),errorLimit:n.errorLimit,start:{x:n.start[0],y:n.start[1]}},o=await t;return o.length>0?{...r,kernels:o}:r}function Lt({pictures:n}){let e=-1,
t=1/0;return n.forEach(({kind:i,score:r},o)=>{let a=r??1/0;i==="method"&&(e<0||a<t)&&(e=o,t=a)}),e}async function Pt(n,e){let{name:t,score:i}=n,r=await At(n);if(i==null)return{name:t,values:r};let o=`${e.
metric} ${Number(i.toPrecision(4))} ${e.unit}`.trim();return{name:t,values:r,note:o}}async function At({png:n,low:e,step:t}){let{data:i,...r}=await me(n),o=Float32Array.from(i,a=>a===Tt?NaN:e+a*t);return{
...r,data:o}}async function Ct({guide:n,width:e,height:t}){let i=new Image;i.src=n,await i.decode();let r=document.createElement("canvas");r.width=e,r.height=t;let o=r.getContext("2d",{willReadFrequently:!0});
if(o===null)throw new Error("the browser gives no 2-D canvas");return o.drawImage(i,0,0),{width:e,height:t,data:o.getImageData(0,0,e,t).data}}async function zt(n){let{size:e,every:t,weightStep:i,positionStep:r}=n,
o=await me(n.png),a=e*e,s=o.width/a,l=o.height/3,h=["","","second ","third "][t]??`${t}th `,d=(u,m)=>{let p=Math.min(s-1,Math.round(u/t)),v=Math.min(l-1,Math.round(m/t)),b={x:p*t,y:v*t},f=(je,Xe,Ye)=>Float32Array.
from({length:a},(Nt,Je)=>{let Qe=o.data[(je*l+v)*o.width+Je*s+p]??128;return Xe+(Qe-128)*Ye}),w=b.x!==u||b.y!==m,R={weight:f(0,0,i),x:f(1,b.x,r),y:f(2,b.y,r),weightStep:i,centre:b},Ze=`The page keeps \
the kernels of every ${h}column and row`+(w?`; this is the one at x ${b.x}, y ${b.y}.`:".");return Promise.resolve(t===1?R:{...R,note:Ze})};return{name:n.method,at:d}}var _e=document.documentElement;function fe(n,e){_e.dataset.error=n;let t=e?.querySelector(".place");t&&(t.textContent=`This picture cannot be shown: ${n}`)}async function Rt(n){if(typeof DecompressionStream>
"u")throw new Error("the browser is older than 2023 (it has no DecompressionStream)");let e=n.querySelector(".image-data")?.textContent??"",t=await qe(JSON.parse(e));n.querySelector(".place")?.remove(),
We(n).show(t),n.dataset.loaded="true"}window.addEventListener("error",n=>{fe(n.message)});window.addEventListener("unhandledrejection",n=>{fe(String(n.reason))});var Ge=new IntersectionObserver(n=>{for(let{
isIntersecting:e,target:t}of n)if(e&&t instanceof HTMLElement){Ge.unobserve(t);let i=t.querySelector(".place");i!==null&&(i.textContent="Loading"),Rt(t).catch(r=>{fe(String(r),t)})}},{rootMargin:"600p\
x"});document.querySelectorAll("section.viewer").forEach(n=>{Ge.observe(n)});_e.dataset.ready="true";})();
