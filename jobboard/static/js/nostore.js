// htmx writes to sessionStorage as soon as it loads; visitors' browsers store nothing.
Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("not used here", "SecurityError"); } });
