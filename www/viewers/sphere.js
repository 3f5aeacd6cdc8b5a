// An equirectangular picture on the inside of a sphere, by WebGL: each pixel of the screen is looked up.

const VERTEX = `attribute vec2 at; varying vec2 ray; uniform vec2 extent;
void main() { ray = at * extent; gl_Position = vec4(at, 0.0, 1.0); }`;

// `turn` are sine and cosine of yaw and of pitch. The picture's middle is straight ahead.
const FRAGMENT = `precision highp float; varying vec2 ray; uniform vec4 turn; uniform sampler2D picture;
const float PI = 3.14159265358979;
void main() {
  vec3 d = normalize(vec3(ray, 1.0));
  d = vec3(d.x, d.y * turn.w + d.z * turn.z, d.z * turn.w - d.y * turn.z);
  d = vec3(d.x * turn.y + d.z * turn.x, d.y, d.z * turn.y - d.x * turn.x);
  gl_FragColor = texture2D(picture, vec2(atan(d.x, d.z) / (2.0 * PI) + 0.5, 0.5 - asin(clamp(d.y, -1.0, 1.0)) / PI));
}`;

/** A canvas that shows the picture from the middle of its sphere. */
export class Sphere {
  #canvas;
  #gl;
  #uniforms;
  #picture = document.createElement("canvas");
  #isNew = true;

  /** `most` bounds the width of the picture, and so does the graphics processor. */
  constructor(canvas, most) {
    this.#canvas = canvas;
    const gl = canvas.getContext("webgl", { antialias: false });
    if (!gl) throw new Error("This browser has no WebGL, which a panorama needs. Switch hardware acceleration on, or use another browser.");
    this.#gl = gl;
    this.widest = Math.min(most, gl.getParameter(gl.MAX_TEXTURE_SIZE));
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(`The panorama's shader was refused: ${gl.getProgramInfoLog(program)}`);
    gl.useProgram(program);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    const at = gl.getAttribLocation(program, "at");
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, 2, gl.FLOAT, false, 0, 0);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const name of ["TEXTURE_WRAP_S", "TEXTURE_WRAP_T"]) gl.texParameteri(gl.TEXTURE_2D, gl[name], gl.CLAMP_TO_EDGE);
    for (const name of ["TEXTURE_MIN_FILTER", "TEXTURE_MAG_FILTER"]) gl.texParameteri(gl.TEXTURE_2D, gl[name], gl.LINEAR);
    this.#uniforms = { extent: gl.getUniformLocation(program, "extent"), turn: gl.getUniformLocation(program, "turn") };
  }

  /** The whole picture. */
  begin(image) {
    Object.assign(this.#picture, { width: image.naturalWidth, height: image.naturalHeight });
    this.#picture.getContext("2d").drawImage(image, 0, 0);
    this.#isNew = true;
  }

  /** Makes room for pieces of a finer level. */
  resize(width, height) {
    const finer = document.createElement("canvas");
    Object.assign(finer, { width, height });
    finer.getContext("2d").drawImage(this.#picture, 0, 0, width, height);
    this.#picture = finer;
    this.#isNew = true;
  }

  put(image, x, y) {
    this.#picture.getContext("2d").drawImage(image, x, y);
    this.#isNew = true;
  }

  draw({ yaw, pitch, field }) {
    const gl = this.#gl;
    if (gl.isContextLost() || this.#picture.width === 0) return;
    const [width, height] = [this.#canvas.clientWidth, this.#canvas.clientHeight].map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    gl.viewport(0, 0, width, height);
    if (this.#isNew) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, this.#picture);
    this.#isNew = false;
    const radians = (degrees) => (degrees * Math.PI) / 180;
    const half = Math.tan(radians(field) / 2);
    gl.uniform2f(this.#uniforms.extent, half, (half * height) / width);
    gl.uniform4f(this.#uniforms.turn, Math.sin(radians(yaw)), Math.cos(radians(yaw)), Math.sin(radians(pitch)), Math.cos(radians(pitch)));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  end() {
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
