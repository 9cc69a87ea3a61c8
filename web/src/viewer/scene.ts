import {
  BufferGeometry, CanvasTexture, DataTexture, FloatType, GLSL3, NearestFilter, PerspectiveCamera,
  Points, RedFormat, Scene, ShaderMaterial, Spherical, Vector2, Vector3, WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

import { element, setText } from "./dom";
import type { Cloud, PointScene } from "./points_view";
import { quantile, sortedSample } from "./scale";

/** Of the pinhole camera, in widths of the image: about that of phones and depth cameras. */
const FOCAL = 0.9;
/** Of each view; of larger ones every n-th row and column. Not means: those would hide outliers. */
const MOST_POINTS = 2e6;
const MIDDLE = new Vector3(0, 0, -1); // the median depth is 1 here

/** Makes the scene in `place`, which gives its size. Throws where there is no WebGL. */
export function mountPoints(place: HTMLElement): PointScene {
  return new CloudScene(place);
}

// One point for each pixel, as large as the pixel is at its depth, so that a surface that faced the
// camera is closed. Depths are a texture: a live frame is an upload and nothing else.
const VERTEX = `
uniform sampler2D depths;
uniform ivec2 size;
uniform vec2 focal;
uniform float unit;
uniform float pixels;
out vec2 place;
void main() {
  ivec2 at = ivec2(gl_VertexID % size.x, gl_VertexID / size.x);
  float depth = texelFetch(depths, at, 0).r / unit;
  vec2 pixel = vec2(at) + 0.5;
  place = pixel / vec2(size);
  vec2 ray = (pixel - 0.5 * vec2(size)) / focal;
  vec4 eye = modelViewMatrix * vec4(depth * vec3(ray.x, -ray.y, -1.0), 1.0);
  gl_Position = depth > 0.0 ? projectionMatrix * eye : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = clamp(1.35 * pixels * depth / (focal.x * max(-eye.z, 1e-3)), 1.0, 64.0);
}`;

const FRAGMENT = `
uniform sampler2D colours;
in vec2 place;
out vec4 colour;
void main() {
  colour = vec4(texture(colours, place).rgb, 1.0);
}`;

class PointCloud {
  readonly scene = new Scene();
  private readonly geometry = new BufferGeometry();
  private readonly uniforms = {
    depths: { value: new DataTexture() },
    colours: { value: new CanvasTexture(document.createElement("canvas")) },
    size: { value: new Vector2(1, 1) },
    focal: { value: new Vector2(1, 1) },
    unit: { value: 1 },
    pixels: { value: 1 },
  };
  private readonly material = new ShaderMaterial({
    glslVersion: GLSL3, vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms: this.uniforms,
  });

  constructor() {
    const points = new Points(this.geometry, this.material);
    points.frustumCulled = false;
    this.scene.add(points);
  }

  show({ values, colours }: Cloud, unit: number, aspect: number) {
    const every = Math.ceil(Math.sqrt((values.width * values.height) / MOST_POINTS));
    const width = Math.ceil(values.width / every);
    const height = Math.ceil(values.height / every);
    const { depths, size, focal } = this.uniforms;
    const old: unknown = depths.value.image.data;
    const fits = old instanceof Float32Array && old.length === width * height &&
      depths.value.image.width === width;
    const data = fits ? old : new Float32Array(width * height);
    for (let y = 0, i = 0; y < height; ++y) {
      let at = y * every * values.width * values.channels;
      for (let x = 0; x < width; ++x, ++i, at += every * values.channels) {
        const value = values.data[at] ?? 0;
        data[i] = value > 0 && value < Infinity ? value : 0;
      }
    }
    if (!fits) {
      depths.value.dispose();
      depths.value = new DataTexture(data, width, height, RedFormat, FloatType);
    }
    depths.value.needsUpdate = true;
    if (this.uniforms.colours.value.image !== colours) {
      this.uniforms.colours.value.dispose();
      const texture = new CanvasTexture(colours);
      texture.flipY = false;
      texture.magFilter = texture.minFilter = NearestFilter;
      texture.generateMipmaps = false;
      this.uniforms.colours.value = texture;
    }
    this.uniforms.colours.value.needsUpdate = true;
    this.geometry.setDrawRange(0, width * height);
    size.value.set(width, height);
    focal.value.set(FOCAL * width, FOCAL * aspect * height);
    this.uniforms.unit.value = unit;
  }

  /** Device pixels that a length of 1 takes at distance 1. */
  setPixels(pixels: number) {
    this.uniforms.pixels.value = pixels;
  }

  dispose() {
    this.uniforms.depths.value.dispose();
    this.uniforms.colours.value.dispose();
    this.geometry.dispose();
    this.material.dispose();
  }
}

class CloudScene implements PointScene {
  private readonly canvas = element("canvas", {
    tabindex: 0, role: "application",
    "aria-label": "Points in space. Arrow keys turn, plus and minus zoom, 0 resets the view.",
  });
  private readonly renderer = new WebGLRenderer({
    canvas: this.canvas, antialias: true, preserveDrawingBuffer: true,
  });
  private readonly camera = new PerspectiveCamera(50, 1, 0.01, 200);
  private readonly controls = new OrbitControls(this.camera, this.canvas);
  private readonly clouds = [new PointCloud(), new PointCloud()] as const;
  private readonly tags = [
    element("span", { class: "dkv-tag dkv-left" }), element("span", { class: "dkv-tag dkv-right" }),
  ] as const;
  private count = 0;
  private aspect = 1;
  private waiting = 0;
  private readonly resized = new ResizeObserver(() => {
    this.draw();
  });

  constructor(private readonly place: HTMLElement) {
    place.replaceChildren(this.canvas, ...this.tags);
    this.renderer.autoClear = false;
    this.renderer.setClearColor(0x17191d);
    this.controls.addEventListener("change", () => {
      this.draw();
    });
    this.canvas.addEventListener("keydown", (event) => {
      this.onKey(event);
    });
    this.resized.observe(place);
    this.reset();
  }

  show(clouds: readonly Cloud[], aspect: number) {
    this.count = Math.min(2, clouds.length);
    this.aspect = aspect;
    const sorted = sortedSample(clouds[0]?.values.data ?? new Float32Array());
    const unit = quantile(sorted.subarray(sorted.findIndex((depth) => depth > 0)), 0.5) || 1;
    this.clouds.forEach((points, i) => {
      const cloud = clouds[i];
      const tag = this.tags[i];
      if (cloud !== undefined) {
        points.show(cloud, unit, aspect);
      }
      if (tag !== undefined) {
        tag.hidden = cloud === undefined;
        setText(tag, cloud?.name ?? "");
      }
    });
    this.place.classList.toggle("dkv-two", this.count > 1);
    this.draw();
  }

  reset() {
    this.controls.target.copy(MIDDLE);
    this.camera.position.copy(MIDDLE).add(new Vector3().setFromSphericalCoords(1.05, 1.38, 0.42));
    this.controls.update();
    this.draw();
  }

  destroy() {
    this.resized.disconnect();
    cancelAnimationFrame(this.waiting);
    this.controls.dispose();
    this.clouds.forEach((cloud) => {
      cloud.dispose();
    });
    this.renderer.dispose();
    this.place.replaceChildren();
  }

  private onKey(event: KeyboardEvent) {
    const turns: Readonly<Record<string, readonly [number, number, number]>> = {
      ArrowLeft: [0.1, 0, 1], ArrowRight: [-0.1, 0, 1],
      ArrowUp: [0, 0.1, 1], ArrowDown: [0, -0.1, 1],
      "+": [0, 0, 0.85], "=": [0, 0, 0.85], "-": [0, 0, 1 / 0.85],
    };
    const turn = turns[event.key];
    if (event.key === "0") {
      this.reset();
    } else if (turn !== undefined) {
      event.preventDefault();
      const target = this.controls.target;
      const arm = new Spherical().setFromVector3(this.camera.position.clone().sub(target));
      arm.theta += turn[0];
      arm.phi = Math.min(3, Math.max(0.14, arm.phi + turn[1]));
      arm.radius *= turn[2];
      this.camera.position.setFromSpherical(arm).add(target);
      this.controls.update();
    }
  }

  private draw() {
    if (this.waiting === 0) {
      this.waiting = requestAnimationFrame(() => {
        this.waiting = 0;
        this.drawNow();
      });
    }
  }

  private drawNow() {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width === 0 || height === 0) {
      return;
    }
    const ratio = window.devicePixelRatio;
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
    const wide = width / Math.max(1, this.count);
    // So much of the picture's height that its width fits as well.
    const half = Math.max(0.5 / (FOCAL * this.aspect), (0.5 / FOCAL) * (height / wide));
    this.camera.fov = (360 / Math.PI) * Math.atan(half);
    this.camera.aspect = wide / height;
    this.camera.updateProjectionMatrix();
    this.renderer.setScissorTest(true);
    for (let i = 0; i < Math.max(1, this.count); ++i) {
      this.renderer.setViewport(i * wide, 0, wide, height);
      this.renderer.setScissor(i * wide, 0, wide - (i === 0 && this.count > 1 ? 1 : 0), height);
      this.renderer.clear();
      const cloud = this.clouds[i];
      if (cloud !== undefined && i < this.count) {
        cloud.setPixels((0.5 * height * ratio) / half);
        this.renderer.render(cloud.scene, this.camera);
      }
    }
  }
}
