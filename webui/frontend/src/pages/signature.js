// Pages on which somebody signs or keeps a signature.
import { beginPad } from "../pad.js";

document.querySelectorAll("[data-signature]").forEach(beginPad);
