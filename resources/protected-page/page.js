
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const WORDS = {
    ja: {
      empty: "パスワードを入力してください。",
      wrong: "開けませんでした。パスワードが違うか、ファイルが途中で変わっています。",
      old: "このブラウザーでは開けません。ファイルをいったん保存し、新しいブラウザーで開いてください。",
      damaged: "ファイルが壊れています。送り主にもう一度送ってもらってください。",
      working: "確かめています…",
      label: "保護された文書",
      other: "English",
      pairs: {
        r: "{}", only: "{}限り", embargo: "{}まで公表禁止", use: "{}まで使用", keep: "{}まで保存",
        restore: "{}時間以内復旧",
      },
    },
    en: {
      empty: "Type the password.",
      wrong: "It could not be opened. The password is wrong, or the file was changed on its way.",
      old: "This browser cannot open it. Save the file and open it in a recent browser.",
      damaged: "The file is damaged. Ask the sender to send it again.",
      working: "Checking…",
      label: "Protected document",
      other: "日本語",
      pairs: {
        r: "{}", only: "{} only", embargo: "not public before {}", use: "use until {}",
        keep: "keep until {}", restore: "restore within {} hours",
      },
    },
  };
  const AXES = {
    ja: ["機密性", "完全性", "可用性"],
    en: ["Confidentiality ", "Integrity ", "Availability "],
  };
  let language = "ja";
  let said = "";
  let head = null;
  const say = (id, code) => {
    at("error").textContent = "";
    at("status").textContent = "";
    said = id === "error" ? code : "";
    if (code) at(id).textContent = WORDS[language][code];
    at("password").setAttribute("aria-invalid", String(code === "wrong" || code === "empty"));
  };
  const unescaped = (text) =>
    text.replace(/%u([0-9A-F]{6})|%([0-9A-F]{2})/g, (_, long, short) =>
      String.fromCodePoint(parseInt(long || short, 16)));
  const parts = (text) => {
    const found = [];
    for (const part of text.split(/[;\n]/)) {
      const level = /^([CIA])([123])$/.exec(part);
      const pair = /^([a-z]+)=(.*)$/.exec(part);
      const words = pair && WORDS[language].pairs[pair[1]];
      if (level) found.push(AXES[language]["CIA".indexOf(level[1])] + level[2]);
      else if (part === "U") found.push(language === "ja" ? "格付未決定" : "Undecided");
      else if (words) found.push(words.replace("{}", () => unescaped(pair[2])));
      else if (part) found.push(unescaped(part));
    }
    return found.join(language === "ja" ? "・" : ", ");
  };
  const tell = () => {
    document.documentElement.lang = language;
    document.title = WORDS[language].label;
    for (const one of document.querySelectorAll("[data-ja]")) {
      one.textContent = one.dataset[language];
    }
    at("language").textContent = WORDS[language].other;
    at("language").lang = language === "ja" ? "en" : "ja";
    if (said) at("error").textContent = WORDS[language][said];
    if (head && head.label) {
      at("label-text").textContent = parts(head.label);
      at("label").hidden = false;
    }
  };
  const bytes = (text) => {
    const raw = atob(text);
    const out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out;
  };
  const unpack = (plain) => {
    const view = new DataView(plain);
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const text = (from) => decoder.decode(new Uint8Array(plain, from + 2, view.getUint16(from)));
    let body = 4 + view.getUint32(0);
    let i = 4 + 2 + view.getUint16(4);
    const files = [];
    let count = view.getUint32(i);
    i += 4;
    while (count--) {
      const name = text(i);
      i += 2 + view.getUint16(i);
      const size = view.getUint32(i) * 2 ** 32 + view.getUint32(i + 4);
      i += 8;
      files.push({ name, part: new Uint8Array(plain, body, size) });
      body += size;
    }
    if (body !== plain.byteLength) throw new RangeError();
    return files;
  };
  const sized = (size) => size < 1024 ? size + " B"
    : size < 1048576 ? (size / 1024).toFixed(1) + " KB" : (size / 1048576).toFixed(1) + " MB";
  const decrypt = async (password) => {
    const utf8 = new TextEncoder();
    const secret = utf8.encode(password.normalize("NFKC"));
    const material = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt: bytes(head.salt), iterations: head.iterations },
      material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const about = utf8.encode(at("head").textContent);
    return crypto.subtle.decrypt(
      { name: "AES-GCM", iv: bytes(head.nonce), additionalData: about, tagLength: 128 },
      key, bytes(at("data").textContent));
  };
  const show = (files) => {
    for (const file of files) {
      const link = document.createElement("a");
      const name = document.createElement("b");
      const size = document.createElement("span");
      link.href = URL.createObjectURL(new Blob([file.part], { type: "application/octet-stream" }));
      link.download = file.name.split("/").pop();
      link.append(name, size);
      name.textContent = file.name;
      size.textContent = sized(file.part.length);
      const item = document.createElement("li");
      item.append(link);
      at("list").append(item);
    }
    at("form").hidden = true;
    at("files").hidden = false;
    at("files-title").focus();
  };
  const open = async () => {
    if (!at("password").value) return say("error", "empty");
    if (!(globalThis.crypto && crypto.subtle)) return say("error", "old");
    say("status", "working");
    at("open").disabled = true;
    let code = "wrong";
    try {
      const plain = await decrypt(at("password").value);
      code = "damaged";
      show(unpack(plain));
      code = "";
      at("password").value = "";
    } catch {
      // Told below: a wrong password and a changed file look the same, as they must.
    }
    at("open").disabled = false;
    say("error", code);
    if (code) {
      at("password").focus();
      at("password").select();
    }
  };
  at("form").addEventListener("submit", (event) => {
    event.preventDefault();
    open();
  });
  at("show").addEventListener("change", (event) => {
    at("password").type = event.target.checked ? "text" : "password";
  });
  at("language").addEventListener("click", () => {
    language = language === "ja" ? "en" : "ja";
    tell();
  });
  try {
    head = JSON.parse(at("head").textContent);
  } catch {
    say("error", "damaged");
  }
  tell();
  at("password").focus();
})();
