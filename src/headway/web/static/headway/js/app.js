// What every page has. Each module looks for its own data attributes; without them it does nothing.
import "./dialog.js";
import "./toast.js";
import "./copy.js";
import "./theme.js";
import "./keys.js";
import "./palette.js";
import "./poll.js";
