namespace Steward.Drawing;

public enum Weight { Regular, Bold }

public enum Align { Start, Middle, End }
