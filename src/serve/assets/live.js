// Made by `npm run bundle` in web/ from web/src/live and web/src/viewer.
"use strict";(()=>{function d(n,e={},...t){let i=document.createElement(n);for(let[r,s]of Object.entries(e))s!==!1&&i.setAttribute(r,s===!0?"":String(s));return i.append(...t),i}function k(n){let e=n.getContext("2d");if(e===
null)throw new Error("the browser gives no 2-D canvas");return e}function F(n,e,t){let i=window.devicePixelRatio,r=Math.max(1,Math.round(e*i)),s=Math.max(1,Math.round(t*i));return(n.width!==r||n.height!==
s)&&(n.width=r,n.height=s),i}function L(n,e,t){n.options.length===e.length&&e.every((r,s)=>n.options[s]?.text===r)||n.replaceChildren(...e.map(r=>new Option(r))),n.selectedIndex!==t&&(n.selectedIndex=
t)}function f(n,e){n.textContent!==e&&(n.textContent=e)}function ye(n,e){et(n,e),n.node.addEventListener("pointerenter",t=>{t.pointerType==="mouse"&&n.tell("Drag to wipe · click to hold the pixel · then the wheel zooms",4e3)},{once:!0}),nt(n),rt(n,e)}function et(n,e){
let t=new Map,i="none",r={x:0,y:0},s=l=>{let c=n.node.getBoundingClientRect();return{x:l.clientX-c.left,y:l.clientY-c.top}},o=()=>!n.divider.hidden&&n.zoom<1.01?"wipe":n.zoom<1.01?"click":"pan";n.node.
addEventListener("pointerdown",l=>{if(l.button!==0)return;let c=s(l),h=l.target instanceof Node&&n.divider.contains(l.target);t.set(l.pointerId,c),r=c,i=t.size>1?"pinch":h?"wipe":"click",h&&be(n.node,
l.pointerId)}),n.node.addEventListener("pointermove",l=>{let c=s(l),h=t.get(l.pointerId);if(h===void 0){!n.pinned&&l.pointerType!=="touch"&&e.pixel(n.pixelAt(c.x,c.y),!1,!1);return}if(i==="click"&&Math.
hypot(c.x-r.x,c.y-r.y)>4&&(i=o(),i!=="click"&&be(n.node,l.pointerId)),i==="wipe")n.setWipe(c.x/n.node.clientWidth);else if(i==="pan")n.moveBy(c.x-h.x,c.y-h.y);else if(i==="pinch"){let u=[...t].find(([
p])=>p!==l.pointerId)?.[1];u!==void 0&&tt(n,h,c,u)}t.set(l.pointerId,c)});let a=(l,c)=>{let h=t.delete(l.pointerId);if(h&&c&&i==="click"){let u=s(l),p=n.pixelAt(u.x,u.y),m=l.pointerType==="touch";e.pixel(
p,m||!n.pinned,!1)}t.size===0?i="none":h&&(i="pan")};n.node.addEventListener("pointerup",l=>{a(l,!0)}),n.node.addEventListener("pointercancel",l=>{a(l,!1)})}function be(n,e){try{n.setPointerCapture(e)}catch{
return}}function tt(n,e,t,i){let r=Math.hypot(e.x-i.x,e.y-i.y),s=Math.hypot(t.x-i.x,t.y-i.y);r>8&&s>8&&n.zoomBy(s/r,{x:(t.x+i.x)/2,y:(t.y+i.y)/2}),n.moveBy((t.x-e.x)/2,(t.y-e.y)/2)}function nt(n){n.node.
addEventListener("wheel",e=>{if(!(e.ctrlKey||e.metaKey||document.activeElement===n.node)){n.tell("Click the picture first, or hold Ctrl, to zoom by the wheel",1500);return}e.preventDefault();let i=n.node.
getBoundingClientRect(),r=e.deltaMode===WheelEvent.DOM_DELTA_LINE?16:1,s=Math.exp(-Math.max(-240,Math.min(240,e.deltaY*r))/400);n.zoomBy(s,{x:e.clientX-i.left,y:e.clientY-i.top})},{passive:!1})}var it={
ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};function rt(n,e){n.divider.addEventListener("keydown",t=>{let i=t.shiftKey?.1:.02,s={ArrowLeft:n.wipe-i,ArrowDown:n.wipe-i,ArrowRight:n.
wipe+i,ArrowUp:n.wipe+i,PageDown:n.wipe-.1,PageUp:n.wipe+.1,Home:0,End:1}[t.key];s!==void 0&&(t.preventDefault(),t.stopPropagation(),n.setWipe(s))}),n.node.addEventListener("keydown",t=>{if(t.ctrlKey||
t.metaKey||t.altKey)return;let i={"+":()=>{n.zoomBy(1.4)},"=":()=>{n.zoomBy(1.4)},"-":()=>{n.zoomBy(1/1.4)},0:()=>{n.fit()},",":()=>{n.setWipe(n.wipe-.02)},".":()=>{n.setWipe(n.wipe+.02)},Escape:()=>{
n.pixel!==null&&e.pixel(n.pixel,!1,!1)}},r=it[t.key],s=i[t.key];if(r!==void 0){t.preventDefault();let o=st(n,r,t.shiftKey?10:1);n.reveal(o),e.pixel(o,!0,!0)}else s!==void 0&&(t.preventDefault(),s())})}
function st(n,[e,t],i){let{width:r,height:s}=n.image,o=n.pixel??{x:r>>1,y:s>>1};return{x:Math.min(r-1,Math.max(0,o.x+i*e)),y:Math.min(s-1,Math.max(0,o.y+i*t))}}function P(n){if(n.guide!==void 0)return n.guide;let e=({width:t,height:i})=>t*i;return n.views.map(({values:t})=>t).reduce((t,i)=>e(i)>e(t)?i:t,{width:1,height:1})}function S(n,{x:e,y:t},i){let r=Math.
min(n.width-1,Math.floor(e*n.width/i.width));return(Math.min(n.height-1,Math.floor(t*n.height/i.height))*n.width+r)*n.channels}function te(n,e,t){let i=S(n,e,t);return n.data.subarray(i,i+n.channels)}
function ne(n,e,t,i){if(n.channels!==e.channels)return NaN;let r=S(n,t,i),s=S(e,t,i),o=0;for(let a=0;a<n.channels;++a)o+=(e.data[s+a]??NaN)-(n.data[r+a]??NaN);return o/n.channels}function ke(n,e,t){let{
width:i,height:r}=t,s=new Float32Array(i*r).fill(NaN);if(n.channels===e.channels){let o=xe(n,i),a=xe(e,i);for(let l=0,c=0;l<r;++l){let h=S(n,{x:0,y:l},t),u=S(e,{x:0,y:l},t);for(let p=0;p<i;++p,++c){let m=h+
(o[p]??0),g=u+(a[p]??0),y=0;for(let v=0;v<n.channels;++v)y+=Math.abs((e.data[g+v]??NaN)-(n.data[m+v]??NaN));s[c]=y/n.channels}}}return{width:i,height:r,channels:1,data:s}}function xe(n,e){return Int32Array.
from({length:e},(t,i)=>S(n,{x:i,y:0},{width:e,height:1})%(n.width*n.channels))}function Me(n,e,t,i,r){let s=(h,u,p)=>{let m=p/u,g=Math.max(0,Math.floor(h/m)),y=Math.min(u,Math.ceil((h+i)/m));return{from:g,
count:Math.max(0,y-g),scale:m}},o=s(e,n.width,r.width),a=s(t,n.height,r.height),l=o.count*n.channels,c=new Float32Array(l*a.count);for(let h=0;h<a.count;++h){let u=((a.from+h)*n.width+o.from)*n.channels;
c.set(n.data.subarray(u,u+l),h*l)}return{values:{width:o.count,height:a.count,channels:n.channels,data:c},left:o.from*o.scale,top:a.from*a.scale,width:o.count*o.scale,height:a.count*a.scale}}function M(n){
return n.channels>=3}function Se(n){let e=(t,i,r)=>{let{width:s,height:o,data:a}=i;if(s<1||o<1||a.length!==s*o*r)throw new Error(`${t} is ${s} x ${o} with ${r} channels, but has ${a.length} values`)};
if(n.views.length===0)throw new Error("a frame has no view");for(let{name:t,values:i}of n.views)e(t,i,i.channels);n.guide!==void 0&&e("the guide",n.guide,4),n.confidence!==void 0&&e("the confidence",n.
confidence,1)}function ot([n,e,t]){let i=.20689655172413793,r=h=>h>i?h*h*h:3*i*i*(h-4/29),s=(n+16)/116,o=.95047*r(s+e/500),a=r(s),l=1.08883*r(s-t/200),c=h=>{let u=h<=.0031308?12.92*h:1.055*h**.4166666666666667-.055;
return Math.round(255*Math.min(1,Math.max(0,u)))};return[c(3.2406*o-1.5372*a-.4986*l),c(-.9689*o+1.8758*a+.0415*l),c(.0557*o-.204*a+1.057*l)]}function ie(n,e){let t=n.length-1,i=Math.min(t-1,Math.max(
0,Math.trunc(e*t))),r=e*t-i,s=o=>{let a=u=>n[Math.min(t,Math.max(0,u))]?.[o]??0,l=(a(i+1)-a(i-1))/2,c=(a(i+2)-a(i))/2,h=a(i+1)-a(i);return a(i)+r*(l+r*(3*h-2*l-c+r*(l+c-2*h)))};return[s(0),s(1),s(2)]}
function Te(n,e){let i=[0];for(let a=1;a<=4096;++a){let l=e(ie(n,(a-1)/4096),ie(n,a/4096));i.push((i[a-1]??0)+l)}let r=i[4096]??0,s=new Uint8Array(3*256),o=0;for(let a=0;a<256;++a){let l=r*a/255;for(;o<
4096&&(i[o]??0)<l;)++o;s.set(ot(ie(n,o/4096)),3*a)}return s}var at=(n,e)=>Math.hypot(n[0]-e[0],n[1]-e[1],n[2]-e[2]),N=Te([[22,30,-50],[42,22,-62],[60,-10,-42],[74,-32,-14],[83,-40,35],[88,-14,72],[76,
24,68],[56,56,50],[32,48,32]],at),A=Te([[0,0,0],[20,32,-38],[38,52,-12],[54,58,30],[72,30,62],[86,2,66],[97,-3,22]],(n,e)=>e[0]-n[0]),Le=Uint8Array.from({length:3*256},(n,e)=>Math.floor(e/3)),Ee=new WeakMap;
function V(n){let e=Ee.get(n);if(e===void 0){let t=new Uint8Array(1024);for(let i=0;i<256;++i)t.set(n.subarray(3*i,3*i+3),4*i),t[4*i+3]=255;e=new Uint32Array(t.buffer),Ee.set(n,e)}return e}var lt=1<<24,E=class{canvas=document.createElement("canvas");image=null;values(e,t,i){let r=this.words(e.width,e.height),s=V(i),o=255,a=t.high>t.low?o/(t.high-t.low):0,{data:l,channels:c}=e;for(let h=0,
u=0;h<r.length;++h,u+=c){let p=l[u]??NaN,m=(p-t.low)*a+.5;r[h]=p-p===0?s[m<0?0:m>o?o:m|0]??0:0}this.put()}colours(e,t){this.words(e.width,e.height);let i=this.image?.data??new Uint8ClampedArray,r=255/
(t.high-t.low),{data:s,channels:o}=e;for(let a=0,l=0;a<i.length;a+=4,l+=o){let c=!0;for(let h=0;h<3;++h){let u=s[l+h]??NaN;c&&=Number.isFinite(u),i[a+h]=(u-t.low)*r}i[a+3]=c?o>3?((s[l+3]??0)-t.low)*r:
255:0}this.put()}picture(e){this.words(e.width,e.height),this.image?.data.set(e.data),this.put()}veil(e){let t=this.words(e.width,e.height);for(let i=0;i<t.length;++i){let r=e.data[i]??NaN,s=r>0?r<1?r:
1:0;t[i]=(Math.round(255*(1-s))<<24|16777215)>>>0}this.put()}words(e,t){return(this.canvas.width!==e||this.canvas.height!==t)&&(this.canvas.width=e,this.canvas.height=t,this.image=null),this.image??=new ImageData(
e,t),new Uint32Array(this.image.data.buffer)}put(){this.image!==null&&(k(this.canvas).putImageData(this.image,0,0),this.image.data.length>lt&&(this.image=null))}},Pe=new Map;function H(n,e,[t,i,r,s]){
let o=Math.max(4,Math.round(8*e)),a=String(o),l=Pe.get(a);if(l===void 0){l=document.createElement("canvas"),l.width=l.height=o;let h=k(l);h.fillStyle="#6f7278",h.fillRect(0,0,o,o),h.strokeStyle="#a4a8\
ae",h.lineWidth=1.2*e,h.beginPath();for(let u of[-o,0,o])h.moveTo(u-1,o+1),h.lineTo(u+o+1,-1);h.stroke(),Pe.set(a,l)}let c=n.createPattern(l,"repeat");c!==null&&(n.fillStyle=c,n.fillRect(t,i,r,s))}function re(n){let e=Math.max(1,Math.ceil(n.length/65536)),t=new Float32Array(Math.ceil(n.length/e)),i=0;for(let r=0;r<n.length;r+=e){let s=n[r]??NaN;Number.isFinite(s)&&(t[i++]=s)}return t.subarray(0,
i).sort()}function K(n,e){if(n.length===0)return NaN;let t=Math.min(1,Math.max(0,e))*(n.length-1),i=Math.floor(t),r=n[i]??NaN,s=n[Math.min(n.length-1,i+1)]??NaN;return r+(t-i)*(s-r)}function Ae(n,e){if(!Number.
isFinite(n)||!Number.isFinite(e))return{low:0,high:1};if(e>n)return{low:n,high:e};let t=Math.max(.5,Math.abs(n)*.001);return{low:n-t,high:n+t}}function Ce(n){let e=re(n);return Ae(K(e,.01),K(e,.99))}function C(n){
let e=1/0,t=-1/0;for(let i of n)Number.isFinite(i)&&(e=Math.min(e,i),t=Math.max(t,i));return Ae(e,t)}function O(n){let{low:e,high:t}=C(n);if(e<0){let r=Math.max(-e,t);return{low:-r,high:r}}return{low:0,
high:[1,255,65535].find(r=>t<=1.02*r)??t}}function se(n,e){let t=.15*(n.high-n.low);return Math.abs(n.low-e.low)<=t&&Math.abs(n.high-e.high)<=t}function Re({low:n,high:e},t){if(!(e>n)||t<1)return[];let i=(e-
n)/t,r=10**Math.floor(Math.log10(i)),o=r*([[1.5,1],[3.5,2],[7.5,5]].find(([c])=>i<c*r)?.[1]??10),a=[],l=T(o);for(let c=Math.ceil(n/o-1e-9);c*o<=e+o*1e-9;++c)a.push(Number((c*o).toFixed(l)));return a}function T(n){
return Math.min(9,Math.max(0,Math.ceil(-Math.log10(n)-1e-9)))}function b(n,e){if(!Number.isFinite(n))return"–";let t=n.toFixed(e);return Number(t)===0?t.replace("-",""):t}function oe(n,e){let t=b(n,
e);return Number(t)>0?`+${t}`:t}var I=class{painting=new E;of(e,t,i,[r,s,o]){let{size:a}=t,l=[];if(e.guide!==void 0){let m={left:0,top:0,width:a.width,height:a.height};l.push({canvas:t.image(-1),...m,caption:"on the guide"})}let c=e.
views[0];if(c===void 0)return l;let{values:h,...u}=Me(c.values,r,s,o,a),{canvas:p}=this.painting;if(h.data.length===0)return l;if(M(h))this.painting.colours(h,O(c.values.data)),l.push({canvas:p,...u,caption:`\
on ${c.name}`});else{let m=C(h.data);this.painting.values(h,m,Le);let g=`${b(m.low,i)} to ${b(m.high,i)} ${e.unit}`;l.push({canvas:p,...u,caption:`on ${c.name}, grey from ${g}`.trim()})}return l}};function ze(n){return n.weight.reduce((e,t)=>e+t,0)}function D(n){return n.weight.reduce((e,t)=>Math.max(e,Math.abs(t)),1e-9)}function Fe(n,e,t){return Math.max(1.2,t*Math.sqrt(Math.abs(n)/e))}function Ne(n,e,t){
let i=3;for(let r=0;r<n.weight.length;++r)i=Math.max(i,Math.abs((n.x[r]??e)-e),Math.abs((n.y[r]??t)-t));return[4,8,16,32,64,128].find(r=>r>=i+.5)??256}function ae(n){let e=new Map;for(let t=0;t<n.weight.
length;++t){let i=Math.round(n.level?.[t]??0),r=e.get(i);r===void 0?e.set(i,[t]):r.push(t)}return[...e].map(([t,i])=>({level:t,samples:i})).sort((t,i)=>t.level-i.level)}function Ve(n){let e=Math.round(
Math.sqrt(n));return e*e===n&&e<=7?e:null}function $e(n,e,t){let i=r=>Math.abs(n.weight[r]??0);return[...e].sort((r,s)=>i(s)-i(r)).slice(0,t)}var dt="#ff8a00",ht="#2f7bff",He=["#ffffff","#ffe500","#5dff8f","#ff9df0","#7fe3ff"];function le(n){return He[Math.max(0,Math.round(n))]??He[4]}function U(n,e,t,i,r){let s=D(e),o=[...e.weight.keys()].
sort((a,l)=>Math.abs(e.weight[l]??0)-Math.abs(e.weight[a]??0));n.save();for(let a of o){let l=e.weight[a]??0,c=e.level?.[a]??0,h=Fe(l,s,i),[u,p]=[t.x(e.x[a]??0),t.y(e.y[a]??0)];if(n.beginPath(),c>0){let m=h*
Math.sqrt(Math.PI);n.rect(u-m/2,p-m/2,m,m)}else n.arc(u,p,h,0,2*Math.PI);n.lineWidth=3.5*r,n.strokeStyle="rgb(0 0 0 / 60%)",n.stroke(),n.lineWidth=1.5*r,n.strokeStyle=le(c),n.stroke(),n.fillStyle=l>=0?
dt:ht,n.fill()}n.restore()}function _(n,[e,t,i],r,s="#fff"){n.save();let o=Math.max(1,Math.round(r));n.lineWidth=o,n.strokeStyle="#000",n.strokeRect(e-1.5*o,t-1.5*o,i+3*o,i+3*o),n.strokeStyle=s,n.strokeRect(
e-.5*o,t-.5*o,i+o,i+o),n.restore()}var Ke=12,B=class{node=d("section",{class:"dkv-kernel","aria-label":"Learned kernel"});method=d("select",{"aria-label":"Kernel of"});title=d("b",{},"Kernel");sum=d("span",{class:"dkv-sum"});loupes;legend=d(
"p",{class:"dkv-marks"});tables=d("div",{class:"dkv-weights"});note=d("p",{class:"dkv-note"});constructor(e){this.loupes=d("div",{class:"dkv-loupes"});let t=d("p",{class:"dkv-head"},this.title,this.method,
this.sum),r=d("p",{class:"dkv-quiet"},"What this pixel is made of: weighted samples of the depth");this.node.append(t,r,this.loupes,this.legend,this.tables,this.note),this.method.addEventListener("cha\
nge",e)}setMethods(e,t){this.method.hidden=e.length<2,f(this.title,e.length===1?`Kernel of ${e[0]??""}`:"Kernel"),L(this.method,e,t)}fail(e){f(this.note,`No kernel here: ${e}`),this.tables.replaceChildren(),
f(this.sum,"")}show(e,t,i){let{x:r,y:s}=e.centre??t,o=Ne(e,r,s),a=i(r-o,s-o,2*o+1);for(;this.loupes.children.length<a.length;)this.loupes.append(d("figure",{},d("canvas",{class:"dkv-loupe","aria-hidde\
n":!0}),d("figcaption")));[...this.loupes.children].forEach((c,h)=>{let u=a[h],[p,m]=c.children;u!==void 0&&p instanceof HTMLCanvasElement&&m!==void 0&&(f(m,u.caption),ct(p,u,{kernel:e,x:r,y:s,radius:o}))});
let l=e.weightStep===void 0?2:1;f(this.sum,`weights sum to ${b(ze(e),l)}`),this.showMarks(e),this.tables.replaceChildren(...ut(e,r,s)),f(this.note,e.note??"")}showMarks(e){let t=r=>d("i",{class:`dkv-d\
ot dkv-${r}`,"aria-hidden":!0}),i=[d("span",{},t("plus"),"adds"),d("span",{},t("minus"),"subtracts"),d("span",{},"area: how much")];if(e.level!==void 0)for(let{level:r}of ae(e)){let s=t(r===0?"ring":"\
ring dkv-square");s.style.borderColor=le(r);let o=2**r,a=r===0?"single pixels":`means of ${o} × ${o}`;i.push(d("span",{},s,a))}this.legend.replaceChildren(...i)}};function ct(n,e,t){let{kernel:i,x:r,
y:s,radius:o}=t,a=n.clientWidth||180,l=F(n,a,a),c=k(n),h=n.width/(2*o+1),u=(v,w)=>(v-w+o+.5)*h;c.imageSmoothingEnabled=!1,c.fillStyle="#3a3d42",c.fillRect(0,0,n.width,n.height);let p=(e.left-r+o)*h,m=(e.
top-s+o)*h,g=[p,m,e.width*h,e.height*h];H(c,l,g),c.drawImage(e.canvas,...g),_(c,[o*h,o*h,h],l),U(c,i,{x:v=>u(v,r),y:v=>u(v,s)},Math.min(.06*n.width,1.5*h),l)}function ut(n,e,t){let i=ae(n),r=D(n),s=o=>`${b(
(n.x[o]??0)-e,2)}, ${b((n.y[o]??0)-t,2)}`;return i.map(({level:o,samples:a})=>{let l=Ve(a.length),c=a.reduce((v,w)=>v+(n.weight[w]??0),0),h=n.level===void 0?[]:[`level ${o}, sum ${b(c,2)}`],u=Math.min(
Ke,a.length),p=l===null?[`the ${u} heaviest of ${a.length}`]:[],m=d("caption",{},[...h,...p].join(", ")||"weights"),g=v=>{let w=d("td",{title:`at ${s(v)} px`},b(n.weight[v]??0,2)),Qe=Math.round(42*Math.
abs(n.weight[v]??0)/r);return w.style.setProperty("--share",`${Qe}%`),w.className=(n.weight[v]??0)>=0?"dkv-plus":"dkv-minus",w};if(l===null){let v=$e(n,a,Ke).map(w=>d("tr",{},g(w),d("td",{},`at ${s(w)}\
 px`)));return d("table",{class:"dkv-list"},m,d("tbody",{},...v))}let y=Array.from({length:l},(v,w)=>d("tr",{},...a.slice(w*l,(w+1)*l).map(g)));return d("table",{class:"dkv-grid"},m,d("tbody",{},...y))})}var W=class{constructor(e,t,i=25){this.answer=e;this.fail=t;this.pause=i}answer;fail;pause;wanted=null;asking=!1;turn=0;ask(e){this.wanted=e,++this.turn,this.asking||this.work()}cancel(){this.wanted=null,
++this.turn}async work(){for(this.asking=!0;this.wanted!==null;){let e=this.wanted,t=this.turn;this.wanted=null;let i=new Promise(r=>setTimeout(r,this.pause));try{let r=await e();t===this.turn&&this.answer(
r)}catch(r){t===this.turn&&this.fail(r)}await i}this.asking=!1}};var q=class{node=d("div",{class:"dkv-legend"});bar=d("canvas",{class:"dkv-bar",width:256,height:1,"aria-hidden":!0});ticks=d("div",{class:"dkv-ticks","aria-hidden":!0});scale;label=d("span",{class:"dk\
v-label"});hole;veil;low;high;ends;shown="";constructor(e){this.scale=d("div",{class:"dkv-scale"},this.bar,this.ticks);let t=a=>d("i",{class:`dkv-swatch dkv-${a}`,"aria-hidden":!0});this.hole=d("span",
{class:"dkv-key"},t("hole"),"no value"),this.veil=d("span",{class:"dkv-key"},t("veil"),"the whiter, the less it rests on measurements");let i=a=>d("input",{type:"number",step:"any","aria-label":`Value\
 at the ${a} end`});this.low=i("low"),this.high=i("high");let r=(a,l,c)=>{let h=d("button",{type:"button",title:l},a);return h.addEventListener("click",()=>{e(c)}),h},s=()=>{let a=this.low.valueAsNumber,
l=this.high.valueAsNumber,c=l>a;this.low.setAttribute("aria-invalid",String(!c)),this.high.setAttribute("aria-invalid",String(!c)),c&&e("fixed",{low:a,high:l})};this.low.addEventListener("change",s),this.
high.addEventListener("change",s),this.ends=d("span",{class:"dkv-ends"},"Colours from ",this.low," to ",this.high,r("Auto","As the picture came, or without its few lowest and highest values","auto"),r(
"Min–max","From the smallest to the largest value","full"));let o=d("div",{class:"dkv-keys"},this.label,this.hole,this.veil,this.ends);this.node.append(this.scale,o)}show(e,t,i,r,s){this.veil.hidden=
!s,this.ends.hidden=!r,this.scale.hidden=!1,this.hole.hidden=!1,f(this.label,i);let o=this.node.clientWidth,a=`${t.low} ${t.high} ${e[100]??0} ${o}`;if(a===this.shown)return;this.shown=a;let l=new ImageData(
256,1);new Uint32Array(l.data.buffer).set(V(e)),k(this.bar).putImageData(l,0,0),this.drawTicks(t,o);let c=T((t.high-t.low)/1e3);for(let[h,u]of[[this.low,t.low],[this.high,t.high]])document.activeElement!==
h&&(h.value=u.toFixed(c))}showNone(e,t){this.scale.hidden=!0,this.hole.hidden=!0,this.ends.hidden=!0,this.veil.hidden=!t,f(this.label,e)}drawTicks(e,t){let i=Re(e,Math.max(2,Math.min(10,Math.floor(t/90)))),
r=(i[1]??1)-(i[0]??0),s=T(r);this.ticks.replaceChildren(...i.map(o=>{let a=(o-e.low)/(e.high-e.low),l=d("span",{},b(o,s));return l.style.left=`${100*a}%`,(a<.03||a>.97)&&l.classList.add(a<.5?"dkv-firs\
t":"dkv-last"),l}))}};var G=class{size={width:1,height:1};range={low:0,high:1};choice="auto";frame={views:[],unit:""};serial=0;kept=new Map;compares=new Map;limits=new Map;show(e){let t=this.serial++===0;if(this.frame=e,this.
size=P(e),this.choice!=="fixed"){let i=this.wantedRange();(t||this.choice==="full"||!se(this.range,i))&&(this.range=i)}}choose(e,t){this.choice=e,this.range=t??this.wantedRange()}wantedRange(){let{range:e,
views:t}=this.frame,i=t.find(({values:r})=>!M(r))?.values;return i===void 0?{low:0,high:1}:this.choice==="full"?C(i.data):e===void 0?Ce(i.data):{low:e[0],high:e[1]}}hasColours(e){let t=this.frame.views[e]?.
values;return t!==void 0&&!M(t)}image(e){let{guide:t,views:i}=this.frame,r=i[e]?.values;if(e===-1&&t!==void 0)return this.keep("guide","",a=>{a.picture(t)});if(r===void 0)throw new Error(`the frame ha\
s no view ${e}`);let{low:s,high:o}=this.range;return this.keep(`view ${e}`,`${s} ${o}`,a=>{M(r)?a.colours(r,O(r.data)):a.values(r,this.range,N)})}difference(e,t){return this.compared(`difference ${e} ${t}`,
e,t,this.differenceLimit(e,t))}differenceLimit(e,t){return this.limit(`difference ${e} ${t}`,()=>[[e,t]])}errors(e){let t=this.frame.truth??-1;return this.compared(`errors ${e}`,t,e,this.errorLimit())}errorLimit(){
let{truth:e=-1,views:t,errorLimit:i}=this.frame;return i??this.limit("errors",()=>t.map((r,s)=>[e,s]))}veil(){let{confidence:e}=this.frame;return e===void 0?null:this.keep("veil","",t=>{t.veil(e)})}compared(e,t,i,r){
return this.keep(e,String(r),s=>{s.values(this.differences(t,i),{low:0,high:r},A)})}differences(e,t){let i=`${e} ${t}`,r=this.compares.get(i);if(r?.serial===this.serial)return r.values;let s=this.frame.
views[e]?.values,o=this.frame.views[t]?.values,{width:a,height:l}=this.size,c=s===void 0||o===void 0?{width:a,height:l,channels:1,data:new Float32Array(a*l).fill(NaN)}:ke(s,o,this.size);return this.compares.
set(i,{values:c,serial:this.serial}),c}limit(e,t){let i=this.limits.get(e);if(i?.serial===this.serial)return i.limit;let r=t().reduce((a,[l,c])=>{let h=K(re(this.differences(l,c).data),.98);return h>a?
h:a},0)||1,o=i!==void 0&&se({low:0,high:i.limit},{low:0,high:r})?i.limit:r;return this.limits.set(e,{limit:o,serial:this.serial}),o}keep(e,t,i){let r=this.kept.get(e);r===void 0&&(r={painting:new E,stamp:""},
this.kept.set(e,r));let s=`${this.serial} ${t}`;return r.stamp!==s&&(i(r.painting),r.stamp=s),r.painting.canvas}};var j=class{constructor(e,t){this.load=e;let i=d("button",{type:"button"},"Reset view");i.addEventListener("click",()=>{this.scene?.reset()}),this.byValue.addEventListener("change",t);let r=d("p",{class:"\
dkv-points-bar"},i,d("label",{class:"dkv-check"},this.byValue,"Colours of the values"),d("span",{class:"dkv-quiet"},"Drag turns, wheel zooms, right button or two fingers move. The values are taken as \
depths of a pinhole camera with a focal length of 0.9 × the width."));this.node=d("div",{class:"dkv-points",hidden:!0},this.place,this.message,r)}load;node;byValue=d("input",{type:"checkbox"});place=d(
"div",{class:"dkv-scene"});message=d("p",{class:"dkv-note",role:"status"});scene=null;wanted=null;loading=!1;show(e,t){this.node.hidden=!1,this.wanted=[e,t],this.scene!==null?this.scene.show(e,t):this.
loading||(this.loading=!0,f(this.message,"Loading the 3-D view"),this.start())}hide(){this.node.hidden=!0}destroy(){this.wanted=null,this.scene?.destroy()}async start(){try{let e=await this.load();this.
wanted!==null&&(this.scene=e.mountPoints(this.place),this.scene.show(...this.wanted)),f(this.message,"")}catch(e){f(this.message,`The browser cannot show it: ${String(e)}`)}}};function he(n,e){let t=n.errorLimit===void 0?(e.high-e.low)/1e4:n.errorLimit/200;return Math.min(6,T(t))}function Ie(n,e,t,i){let r=[...te(n,e,t)],s=M(n)&&r.some(o=>Math.abs(o)>2)?0:i;return r.some(Number.
isFinite)?r.map(o=>b(o,s)).join(", "):"–"}function pt(n,{x:e,y:t}){let{guide:i}=n;if(i===void 0)return"–";let r=4*(t*i.width+e);return i.data.subarray(r,r+3).join(", ")}var Z=class{node=d("div",{class:"\
dkv-readout"});where=d("span",{class:"dkv-where"});parts=d("span",{class:"dkv-parts"});constructor(){this.node.append(this.where,this.parts)}show(e,t,[i,r],s,o){let a=P(e),l=s?" (held; click or Escape\
 frees it)":"";f(this.where,`x ${t.x}, y ${t.y}${l}`);let c=(m,g)=>{let y=e.views[g]?.values,v=y===void 0?pt(e,t):Ie(y,t,a,o);return de(m,v==="–"?"no value":v,Oe(e,g))},h=[c("A",i),c("B",r)],u=e.views[i]?.
values,p=e.views[r]?.values;if(i!==r&&u!==void 0&&p!==void 0&&u.channels===p.channels){let m=oe(ne(u,p,t,a),o);h.push(de("B − A",m,Oe(e,r)))}if(e.confidence!==void 0){let[m=NaN]=te(e.confidence,t,a);
h.push(de("confidence",b(m,2),""))}this.parts.replaceChildren(...h)}};function Oe(n,e){return e===-1?"":n.unit}function de(n,e,t){let i=t===""||/[^-+.\d]/.test(e)?e:`${e} ${t}`;return d("span",{},d("i",
{},n)," ",d("b",{},i))}var Y=class{node;head=d("tr");body=d("tbody");constructor(){let e=d("thead",{},this.head);this.node=d("table",{class:"dkv-values"},e,this.body)}show(e,t,i){let r=P(e),s=e.truth===
void 0?void 0:e.views[e.truth],o=e.unit===""?"value":e.unit,a=s===void 0?["view",o]:["view",o,"error"];this.head.replaceChildren(...a.map(h=>d("th",{scope:"col"},h)));let l=e.views.map(({values:h},u)=>s===
void 0||u===e.truth?NaN:ne(s.values,h,t,r)),c=mt(l);this.body.replaceChildren(...e.views.map((h,u)=>{let p=Ie(h.values,t,r,i),m=l[u]??NaN,g=[ft(h),d("td",{},p)];s!==void 0&&g.push(d("td",{},Number.isFinite(
m)?oe(m,i):""));let y=u!==0&&Math.abs(m)===c;return d("tr",y?{class:"dkv-best"}:{},...g)}))}spoken(){return[...this.body.rows].map(e=>`${e.cells[0]?.textContent??""} ${e.cells[1]?.textContent??""}`).join(
", ")}};function mt(n){let e=n.slice(1).map(Math.abs).filter(Number.isFinite);return e.length>1?Math.min(...e):NaN}function ft({name:n}){return d("td",{title:n},n)}function R(n,e){let t=Math.min(e.width/n.width,e.height/n.height);return{scale:t,left:(e.width-n.width*t)/2,top:(e.height-n.height*t)/2}}function De(n,e,t){let i=R(e,t),r=Math.min(Math.max(64,i.scale),
Math.max(i.scale,n.scale)),s=(o,a,l)=>a<=l?(l-a)/2:Math.min(0,Math.max(l-a,o));return{scale:r,left:s(n.left,e.width*r,t.width),top:s(n.top,e.height*r,t.height)}}function Ue(n,e,t,i){return{scale:n.scale*
e,left:t-(t-n.left)*e,top:i-(i-n.top)*e}}function ce(n,e,t){return{...n,left:n.left+e,top:n.top+t}}function _e(n,e,t,i){let r=Math.min(24,i.width/4,i.height/4),s=(o,a)=>Math.min(a-r,Math.max(r,o))-o;return ce(
n,s(n.left+(e+.5)*n.scale,i.width),s(n.top+(t+.5)*n.scale,i.height))}var vt="The picture. Arrow keys move the pixel that is read, with Shift by ten; plus and minus zoom, 0 shows all, comma and full stop move the wipe, Escape frees the pixel.",X=class{constructor(e){this.
onZoom=e;this.node=d("div",{class:"dkv-stage",tabindex:0,role:"application","aria-label":vt},this.canvas,this.divider,...this.tags,this.hint),this.resized.observe(this.node)}onZoom;node;canvas=d("canv\
as",{class:"dkv-canvas","aria-hidden":!0});pixel=null;pinned=!1;wipe=.5;image={width:1,height:1};place={left:0,top:0,scale:1};fits=!0;box={width:1,height:1};layers=null;waiting=0;telling;tags=[d("span",
{class:"dkv-tag dkv-left"}),d("span",{class:"dkv-tag dkv-right"})];divider=d("div",{class:"dkv-divider",role:"slider",tabindex:0,"aria-label":"Wipe between A and B","aria-valuemin":0,"aria-valuemax":100},
d("span",{"aria-hidden":!0},"◂▸"));hint=d("span",{class:"dkv-hint","aria-hidden":!0});resized=new ResizeObserver(()=>{this.resize()});destroy(){this.resized.disconnect(),cancelAnimationFrame(this.
waiting)}show(e,t){let i=t.width!==this.image.width||t.height!==this.image.height;this.layers=e,i&&(this.image={width:t.width,height:t.height},this.fits=!0,this.node.style.aspectRatio=`${t.width} / ${t.
height}`,this.resize()),this.divider.hidden=e.right===null,f(this.tags[0],e.leftName),f(this.tags[1],e.rightName),this.tags[1].hidden=e.right===null,this.setWipe(this.wipe)}get zoom(){return this.place.
scale/R(this.image,this.box).scale}get scale(){return this.place.scale}zoomBy(e,t){this.setPlace(Ue(this.place,e,t?.x??this.focus().x,t?.y??this.focus().y))}moveBy(e,t){this.setPlace(ce(this.place,e,t))}fit(){
this.setPlace(R(this.image,this.box))}reveal({x:e,y:t}){this.fits||this.setPlace(_e(this.place,e,t,this.box))}setWipe(e){this.wipe=Math.min(1,Math.max(0,e)),this.divider.style.left=`${100*this.wipe}%`,
this.divider.setAttribute("aria-valuenow",String(Math.round(100*this.wipe)));let t=!this.divider.hidden;this.tags[0].style.opacity=t&&this.wipe<.04?"0":"1",this.tags[1].style.opacity=this.wipe>.96?"0":
"1",this.draw()}pixelAt(e,t){let i=(r,s)=>Math.min(s-1,Math.max(0,Math.floor(r/this.place.scale)));return{x:i(e-this.place.left,this.image.width),y:i(t-this.place.top,this.image.height)}}tell(e,t){f(this.
hint,e),this.hint.classList.add("dkv-told"),clearTimeout(this.telling),this.telling=setTimeout(()=>{this.hint.classList.remove("dkv-told")},t)}draw(){this.waiting===0&&(this.waiting=requestAnimationFrame(
()=>{this.waiting=0,this.drawNow()}))}focus(){let{width:e,height:t}=this.box;if(this.pixel!==null){let i=this.place.left+(this.pixel.x+.5)*this.place.scale,r=this.place.top+(this.pixel.y+.5)*this.place.
scale;if(i>=0&&r>=0&&i<=e&&r<=t)return{x:i,y:r}}return{x:e/2,y:t/2}}setPlace(e){this.place=De(e,this.image,this.box),this.fits=this.zoom<1.001,this.node.classList.toggle("dkv-zoomed",!this.fits),this.
draw(),this.onZoom()}resize(){let{clientWidth:e,clientHeight:t}=this.node;if(e===0||t===0)return;let i=this.pixelAt(this.box.width/2,this.box.height/2),r=this.zoom;if(this.box={width:e,height:t},this.
fits){this.fit();return}let s=R(this.image,this.box).scale*r;this.setPlace({scale:s,left:e/2-(i.x+.5)*s,top:t/2-(i.y+.5)*s})}drawNow(){let{layers:e}=this;if(e===null||this.node.clientWidth===0)return;
let t=k(this.canvas),i=F(this.canvas,this.box.width,this.box.height),{width:r,height:s}=this.canvas,o=this.place.left*i,a=this.place.top*i,l=this.image.width*this.place.scale*i,c=this.image.height*this.
place.scale*i;t.clearRect(0,0,r,s),H(t,i,[o,a,l,c]),t.imageSmoothingEnabled=this.place.scale*i<1,t.imageSmoothingQuality="high";let h=e.right===null?r:Math.round(this.wipe*r),u=(p,m,g)=>{t.save(),t.beginPath(),
t.rect(m,0,g-m,s),t.clip(),t.drawImage(p,o,a,l,c),t.restore()};u(e.left,0,h),e.right!==null&&u(e.right,h,r),e.veil!==null&&(t.globalAlpha=.85,t.drawImage(e.veil,o,a,l,c),t.globalAlpha=1),this.drawMarks(
t,i)}drawMarks(e,t){let i=this.place.scale*t,r=a=>(a+.5)*i+this.place.left*t,s=a=>(a+.5)*i+this.place.top*t,o=this.layers?.kernel??null;if(o!==null){let a=Math.min(14,Math.max(5,.45*this.place.scale))*
t;U(e,o,{x:r,y:s},a,t)}if(this.pixel!==null){let a=Math.max(i,9*t),l=[r(this.pixel.x)-a/2,s(this.pixel.y)-a/2,a];_(e,l,t,this.pinned?"#ffd400":"#fff")}}};var gt=`
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
`,J=null;function Be(){J===null&&(J=new CSSStyleSheet,J.replaceSync(gt),document.adoptedStyleSheets.push(J))}var wt=[["values","Wipe","A at the left of the wipe, B at the right"],["difference","Difference","How far A and B are apart"],["errors","Errors","How far A and B are from the truth"],["points","3-D","\
Both as points in space, coloured by the picture"]],bt=0,Q=class{node;a=d("select",{"aria-label":"A, at the left"});b=d("select",{"aria-label":"B, at the right"});modes=new Map;confidence=d("input",{type:"\
checkbox"});kernel=d("input",{type:"checkbox"});zoom=d("button",{type:"button",title:"Show all (0)"},"100 %");zoomTools;indices=[];constructor(e){let t=()=>{e.choose(this.index(this.a),this.index(this.
b))};this.a.addEventListener("change",t),this.b.addEventListener("change",t);let i=ue("⇄","Swap A and B",()=>{e.choose(this.index(this.b),this.index(this.a))});this.confidence.addEventListener("chan\
ge",()=>{e.setConfidence(this.confidence.checked)}),this.kernel.addEventListener("change",()=>{e.setKernel(this.kernel.checked)}),this.zoom.addEventListener("click",()=>{e.fit()});let r=(s,o)=>d("span",
{class:"dkv-side"},d("b",{"aria-hidden":!0},s),o);this.zoomTools=d("span",{class:"dkv-group",role:"group","aria-label":"Zoom"},ue("−","Zoom out (-)",()=>{e.zoomBy(1/1.4)}),this.zoom,ue("+","Zoom in \
(+)",()=>{e.zoomBy(1.4)})),this.node=d("div",{class:"dkv-toolbar"},d("span",{class:"dkv-pair"},r("A",this.a),i,r("B",this.b)),this.modeGroup(e),d("label",{class:"dkv-check",title:"How much each pixel \
rests on what was measured"},this.confidence,"Confidence"),d("label",{class:"dkv-check",title:"The samples that the marked pixel is made of"},this.kernel,"Kernel"),this.zoomTools)}show(e,t,i){let r=e.
views.map(({name:a})=>a),s=e.guide!==void 0;this.indices=[...s?[-1]:[],...r.keys()];let o=s?["guide",...r]:r;L(this.a,o,this.indices.indexOf(t.a)),L(this.b,o,this.indices.indexOf(t.b));for(let[a,l]of this.
modes){l.checked=a===t.mode;let c=l.parentElement;c!==null&&(c.hidden=a==="errors"&&e.truth===void 0||a==="points"&&!i)}this.confidence.checked=t.confidence,We(this.confidence,e.confidence===void 0||t.
mode==="points"),this.kernel.checked=t.kernel,We(this.kernel,e.kernelAt===void 0&&e.kernels===void 0),this.zoomTools.hidden=t.mode==="points"}showZoom(e){this.zoom.textContent=`${Math.round(100*e)} %`}index(e){
return this.indices[e.selectedIndex]??0}modeGroup(e){let t=`dkv-mode-${bt++}`,i=wt.map(([r,s,o])=>{let a=d("input",{type:"radio",name:t,value:r});return a.addEventListener("change",()=>{e.setMode(r)}),
this.modes.set(r,a),d("label",{title:o},a,d("span",{},s))});return d("span",{class:"dkv-group dkv-modes",role:"radiogroup","aria-label":"Compare by"},...i)}};function We(n,e){n.parentElement!==null&&(n.
parentElement.hidden=e)}function ue(n,e,t){let i=d("button",{type:"button",title:e,"aria-label":e},n);return i.addEventListener("click",t),i}function Ge(n,e){return new me(n,e)}var me=class{frame=null;a=0;b=0;mode="values";confidence=!1;kernelOn=!0;field=0;kernel=null;pictures=new G;grounds=new I;node=d("div",{class:"dkv"});body=d("div",{class:"\
dkv-body"});stage;toolbar;readout=new Z;table=new Y;legend;panel;points;spoken=d("p",{class:"dkv-hidden",role:"status"});latest;resized=new ResizeObserver(()=>{this.render()});constructor(e,t){Be(),this.
stage=new X(()=>{this.toolbar.showZoom(this.stage.zoom)}),this.toolbar=new Q(this.actions()),this.legend=new q((s,o)=>{this.chooseRange(s,o)}),this.panel=new B(()=>{this.field=this.panel.method.selectedIndex,
this.askKernel()}),this.points=t===void 0?null:new j(t,()=>{this.render()}),this.latest=new W(s=>{this.kernel=s,this.showKernel()},s=>{this.kernel=null,this.panel.fail(s instanceof Error?s.message:String(
s)),this.draw()}),ye(this.stage,{pixel:(s,o,a)=>{this.movePixel(s,o,a)}});let i=d("div",{class:"dkv-screen"},this.stage.node);this.points!==null&&i.append(this.points.node),i.append(this.readout.node,
this.legend.node);let r=d("aside",{class:"dkv-panel","aria-label":"Values at the pixel"},this.table.node,this.panel.node,this.spoken);this.body.append(i,r),this.node.append(this.toolbar.node,this.body),
e.append(this.node),this.resized.observe(this.node)}show(e){Se(e);let t=this.frame,i=[this.a,this.b].map(h=>t?.views[h]?.name);this.pictures.show(e);let{width:r,height:s}=this.pictures.size,o=t===null||
t.unit!==e.unit||r!==this.stage.image.width||s!==this.stage.image.height;this.frame=e;let[a,l]=e.shownFirst??[0,Math.min(1,e.views.length-1)];this.a=qe(e,this.a,i[0],a),this.b=qe(e,this.b,i[1],l),this.
field=Math.min(this.field,Math.max(0,pe(e).length-1)),this.mode==="errors"&&e.truth===void 0&&(this.mode="values");let c=pe(e).length===0&&e.views.length<3;this.body.classList.toggle("dkv-alone",c),o&&
(this.pictures.choose("auto"),this.stage.pinned=!1,this.stage.pixel=e.start??{x:r>>1,y:s>>1}),this.render(),this.askKernel()}destroy(){this.latest.cancel(),this.resized.disconnect(),this.stage.destroy(),
this.points?.destroy(),this.node.remove()}actions(){let e=t=>{t(),this.render()};return{choose:(t,i)=>{e(()=>{[this.a,this.b]=[t,i]})},setMode:t=>{e(()=>{this.mode=t})},setConfidence:t=>{e(()=>{this.confidence=
t})},setKernel:t=>{e(()=>{this.kernelOn=t}),this.askKernel()},zoomBy:t=>{this.stage.zoomBy(t)},fit:()=>{this.stage.fit()}}}chooseRange(e,t){this.pictures.choose(e,t),this.render()}movePixel(e,t,i){let r=e.
x!==this.stage.pixel?.x||e.y!==this.stage.pixel.y;this.stage.pixel=e,this.stage.pinned=t,this.showPixel(),this.stage.draw(),i&&f(this.spoken,`x ${e.x}, y ${e.y}: ${this.table.spoken()}`),r&&this.askKernel()}render(){
let{frame:e}=this;if(e===null)return;let{a:t,b:i,mode:r,confidence:s}=this;this.node.dataset.mode=r,this.toolbar.show(e,{a:t,b:i,mode:r,confidence:s,kernel:this.kernelOn},this.points!==null),this.draw(),
this.showLegend(e),this.showPixel(),r==="points"?this.points?.show(this.clouds(e),this.pictures.size.width/this.pictures.size.height):this.points?.hide(),this.stage.node.hidden=r==="points"}draw(){this.
frame!==null&&this.stage.show(this.layers(this.frame),this.pictures.size)}layers(e){let{a:t,b:i,mode:r,pictures:s}=this,o=h=>e.views[h]?.name??"guide",a=h=>[o(h),e.views[h]?.note??""].join("  ").trim(),
l={veil:this.confidence?s.veil():null,kernel:this.kernelOn?this.kernel:null};if(r==="difference"){let h=`| ${o(i)} − ${o(t)} |`;return{left:s.difference(t,i),right:null,leftName:h,rightName:"",...l}}
let c=h=>r==="errors"&&h!==-1?s.errors(h):s.image(h);return{left:c(t),right:c(i),leftName:a(t),rightName:a(i),...l}}showLegend(e){let{a:t,b:i,mode:r,pictures:s,legend:o}=this,a=this.confidence&&e.confidence!==
void 0&&r!=="points",l=e.unit===""?"value":e.unit;if(r==="difference"){let c={low:0,high:s.differenceLimit(t,i)};o.show(A,c,`${l}, |B − A|, to its 98th percentile`,!1,a)}else if(r==="errors"){let c={
low:0,high:s.errorLimit()},h=`${l}, |result − truth|, to the worst's 98th percentile`;o.show(A,c,h,!1,a)}else(s.hasColours(t)||s.hasColours(i))&&!this.pictureColours(e)?o.show(N,s.range,l,!0,a):o.showNone(
"Colours of the picture",a)}pictureColours(e){return this.mode==="points"&&e.guide!==void 0&&!this.points?.byValue.checked}clouds(e){return[...new Set([this.a,this.b])].filter(i=>this.pictures.hasColours(
i)).flatMap(i=>{let r=e.views[i],s=this.pictures.image(this.pictureColours(e)?-1:i);return r===void 0?[]:[{name:r.name,values:r.values,colours:s}]})}showPixel(){let{frame:e}=this,{pixel:t}=this.stage;
if(e!==null&&t!==null){let i=he(e,this.pictures.range);this.readout.show(e,t,[this.a,this.b],this.stage.pinned,i),this.table.show(e,t,i)}}askKernel(){let{frame:e}=this,{pixel:t}=this.stage,i=e===null?
[]:pe(e),r=i[this.field];if(this.panel.node.hidden=r===void 0||!this.kernelOn,r===void 0||t===null||!this.kernelOn){this.latest.cancel(),this.kernel=null,this.draw();return}this.panel.setMethods(i.map(
({name:s})=>s).filter(s=>s!==""),this.field),this.latest.ask(()=>r.at(t.x,t.y))}showKernel(){let{frame:e,kernel:t,pictures:i}=this,{pixel:r}=this.stage;if(e===null||t===null||r===null)return;let s=he(
e,i.range);this.panel.show(t,r,(o,a,l)=>this.grounds.of(e,i,s,[o,a,l])),this.draw()}};function pe(n){if(n.kernels!==void 0)return n.kernels;let e=n.kernelAt?.bind(n);return e===void 0?[]:[{name:"",at:e}]}
function qe(n,e,t,i){if(e===-1&&n.guide!==void 0)return-1;let r=n.views.findIndex(s=>s.name===t);return t!==void 0&&r>=0?r:i}function je(n){let e=t=>Float32Array.from(n.taps,i=>i[t]);return{x:e("x"),y:e("y"),weight:e("weight"),level:e("level")}}function Ze(n){let e=n.width*n.height,t=new Uint8ClampedArray(4*e),i=n.data;for(let r=0;r<
e;r+=1){for(let s=0;s<3;s+=1)t[4*r+s]=i[n.channels===3?3*r+s:r]??0;t[4*r+3]=255}return{width:n.width,height:n.height,data:t}}function fe(n,e=null,t=1){let i=n.data instanceof Float32Array&&t===1?n.data:
Float32Array.from(n.data,r=>r===e?NaN:r*t);return{width:n.width,height:n.height,channels:n.channels,data:i}}function yt(n,e,t){let[i,r,s,o]=e,a=new Float32Array(t.width*t.height*n.channels).fill(NaN);
for(let l=0;l<o;l+=1){let c=Math.floor((l+.5)*n.height/o);for(let h=0;h<s;h+=1){let u=Math.floor((h+.5)*n.width/s);for(let p=0;p<n.channels;p+=1)a[((r+l)*t.width+i+h)*n.channels+p]=n.data[(c*n.width+u)*
n.channels+p]??NaN}}return{...t,channels:n.channels,data:a}}function Ye(n,e,t){let{header:i,planes:r}=n,s=r.get("input"),o=r.get("result");if(s===void 0||o===void 0)throw new Error("a frame without in\
put or result");let a=r.get("confidence"),l=fe(s);return{guide:e,views:[{name:"input",values:i.place===null?l:yt(l,i.place,e)},{name:xt(i),values:fe(o,i.hole)}],unit:i.unit,...a===void 0?{}:{confidence:fe(
a,null,1/65535)},...t===void 0?{}:{kernelAt:t}}}function xt(n){return n.method===""?"result":n.method}var Xe=[["read","read"],["guide","guide"],["network","network"],["other","holes, ranges, other filters"],["page","for this page"]];function z(n,e){return d("label",{class:"live-control"},d("span",{},n),
e)}var ee=class{constructor(e,t){this.actions=t;let i=d("button",{type:"button"},"Copy the command");i.addEventListener("click",()=>{this.copy()});for(let[r,s]of[["fps","frames a second"],...Xe,["send",
"send"]]){let o=d("dd",{},"-");this.cells.set(r,o),this.times.append(d("div",{},d("dt",{},s),o))}for(let[r,s]of[["fill","filled"],["keep","kept"],["measured","where measured"]])this.holes.append(d("op\
tion",{value:r},s));e.append(d("header",{class:"live-head"},this.title,this.source,this.pause),d("form",{class:"live-form","aria-label":"Options"},z("Method",this.model),z("Holes",this.holes),z("Value\
s that are holes",this.invalid),z("Fidelity iterations",this.fidelity),z("Compute confidence",this.confidence)),this.message,this.viewerPlace,d("section",{class:"live-told","aria-label":"Time and comm\
and"},this.times,this.counts,this.notes,d("div",{class:"live-command"},this.command,i,this.copied))),this.listen(e)}actions;viewerPlace=d("main",{class:"live-viewer"});title=d("h1",{},"dkn view");source=d(
"p",{class:"live-source"});pause=d("button",{type:"button"},"Pause");model=d("select",{});holes=d("select",{});invalid=d("input",{type:"text",size:"12",placeholder:"by the file's type"});fidelity=d("i\
nput",{type:"number",min:"0",max:"50",step:"1"});confidence=d("input",{type:"checkbox"});message=d("p",{class:"live-message",role:"alert",hidden:""});times=d("dl",{class:"live-times"});counts=d("p",{class:"\
live-counts"});notes=d("ul",{class:"live-notes"});command=d("code",{});copied=d("span",{role:"status"});cells=new Map;paused=!1;showState(e){let t=(a,l)=>d("option",{value:a},l),i=(a,l)=>d("optgroup",
{label:a},...l.map(c=>t(c,c))),{model:r}=e.controls,s=["",...e.models,...e.methods.map(({name:a})=>a)];this.model.replaceChildren(t("","automatic"),...s.includes(r)?[]:[t(r,r)],i("networks",e.models),
i("classical filters",e.methods.map(({name:a})=>a)));let o=e.frames>1?`, ${String(e.frames)} frames`:e.live?", live":"";f(this.source,e.name+o),this.showControls(e.controls),f(this.command,e.command)}showHeader(e,t){
let i=o=>`${o.toFixed(1)} ms`,r=(o,a)=>{let l=this.cells.get(o);l!==void 0&&f(l,a)};r("fps",e.fps>0?e.fps.toFixed(1):"-");for(let[o]of Xe)r(o,i(e.ms[o]));r("send",i(e.send_ms));let s=[e.name,e.method===
""?"nothing measured":`by ${e.method}`,`${e.holes_percent.toFixed(1)} % holes in the input`,`${String(e.dropped)} frames missed by this page`];e.residual!==null&&s.push(`differs from the input by ${e.
residual.toPrecision(3)} ${e.unit} (RMS)`),e.ended&&s.push("no further frames"),t&&s.push("pause to see its kernels"),f(this.counts,s.join(" · ")),this.notes.replaceChildren(...e.notes.map(o=>d("li",
{},o))),this.pause.hidden=e.ended,f(this.command,e.command),this.showControls(e.controls),this.showMessage(e.failure??"","frame")}showMessage(e,t){e===""&&this.message.dataset.kind!==t||(this.message.
hidden=e==="",this.message.dataset.kind=t,f(this.message,e))}showControls(e){let t=(i,r)=>{document.activeElement!==i&&(i.value=r)};t(this.model,e.model),t(this.holes,e.holes),t(this.invalid,e.invalid),
t(this.fidelity,String(e.fidelity)),this.confidence.checked=e.confidence,this.paused=e.paused,f(this.pause,e.paused?"Go on":"Pause")}listen(e){e.querySelector("form")?.addEventListener("submit",t=>{t.
preventDefault()}),this.model.addEventListener("change",()=>{this.actions.change({model:this.model.value})}),this.holes.addEventListener("change",()=>{this.actions.change({holes:this.holes.value})}),this.
invalid.addEventListener("change",()=>{this.actions.change({invalid:this.invalid.value.trim()})}),this.fidelity.addEventListener("change",()=>{this.actions.change({fidelity:Math.round(Number(this.fidelity.
value))})}),this.confidence.addEventListener("change",()=>{this.actions.change({confidence:this.confidence.checked})}),this.pause.addEventListener("click",()=>{this.actions.change({paused:!this.paused})})}async copy(){
try{await navigator.clipboard.writeText(this.command.textContent),f(this.copied,"copied")}catch{getSelection()?.selectAllChildren(this.command),f(this.copied,"selected; press Ctrl+C")}}};var kt=[68,75,78,70],ve=class{constructor(e){this.reader=e}reader;part=new Uint8Array(0);at=0;async take(e){let t=new Uint8Array(e);for(let i=0;i<e;){if(this.at===this.part.length){let{done:s,value:o}=await this.
reader.read();if(s)return null;this.part=o,this.at=0}let r=this.part.subarray(this.at,this.at+e-i);t.set(r,i),i+=r.length,this.at+=r.length}return t}};function Mt(n,e){switch(n){case"uint8":return e;case"\
uint16":return new Uint16Array(e.buffer);case"float32":return new Float32Array(e.buffer)}}async function*Je(n){let e=new ve(n.getReader());for(;;){let t=await e.take(8);if(t===null)return;if(kt.some((o,a)=>t[a]!==
o))throw new Error("what the server sends are no frames");let i=await e.take(new DataView(t.buffer).getUint32(4,!0));if(i===null)return;let r=JSON.parse(new TextDecoder().decode(i)),s=new Map;for(let o of r.
planes){let a=await e.take(o.bytes);if(a===null)return;s.set(o.name,{...o,data:Mt(o.type,a)})}yield{header:r,planes:s}}}var St=1e3,Et="/points.js",Tt=()=>import(Et);async function ge(n,e){let t=await fetch(n,e);if(t.headers.get("Content-Type")!=="application/json")throw new Error((await t.text()).trim());let i=await t.
json();if(i.error!==void 0)throw new Error(i.error);return i}function Lt(n){let e=null,t=null,i=new Set,r=new ee(n,{change(u){let p=JSON.stringify(u);ge("/options",{method:"POST",headers:{"Content-Typ\
e":"application/json"},body:p}).then(m=>{r.showMessage("","options"),r.showState(m)},m=>{r.showMessage(String(m),"options"),o()})}}),s=Ge(r.viewerPlace,Tt);async function o(){let u=await ge("/options");
i.clear();for(let p of u.models)i.add(p);r.showState(u)}async function a(u,p){return je(await ge(`/kernel?x=${String(u)}&y=${String(p)}`))}function l(){let u=t;if(t=null,u===null||e===null)return;let{
method:p,place:m,ended:g,controls:y}=u.header,v=m===null&&(i.has(p)||p.endsWith(".safetensors")),w=g||y.paused;s.show(Ye(u,e,v&&w?a:void 0)),r.showHeader(u.header,v&&!w)}async function c(){let u=await fetch(
"/frames");if(!u.ok||u.body===null)throw new Error((await u.text()).trim());await o(),r.showMessage("","server");for await(let p of Je(u.body)){if(p.header.number===void 0)continue;let m=p.planes.get(
"guide");m!==void 0&&(e=Ze(m)),t===null&&requestAnimationFrame(l),t=p}}async function h(){for(;;){let u="";try{await c()}catch(p){u=p instanceof TypeError?"":`: ${String(p)}`}r.showMessage(`\`dkn view\`\
 does not answer${u}; trying again`,"server"),await new Promise(p=>{setTimeout(p,St)})}}h()}var we=document.getElementById("live");we!==null&&(we.replaceChildren(),Lt(we));})();
