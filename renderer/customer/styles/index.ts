/** The window's style sheets, in order. Colours and sizes are the variables of renderer/ui/theme. */
import './frame.css';
import '../accesses/accesses.css';
import './controls.css';
import './reading.css';
import './identity.css';
import './signature.css';
import './records.css';
import './kept.css';
import './endings.css';
import './withdrawal.css';
