// The place of a panel in its story is the drawing's beat; here a beat is the panel itself.
global using Tone = Steward.Drawing.Beat;
