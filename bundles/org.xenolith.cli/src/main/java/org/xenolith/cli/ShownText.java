// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import org.xenolith.command.api.OptionName;
import org.xenolith.command.kit.Heartbeat;

/**
 * A stream of texts for the user of a command line, in which options that texts name are shown as {@code --name}. They wait while a person
 * types something else at the same terminal, if it is told to.
 */
final class ShownText extends PrintWriter {
  private final PrintStream stream;
  private final HeldOutput held;
  private final QuietErrors quiet;
  private volatile Heartbeat work;

  /** Texts to one of the process' streams; each line is written at once. */
  ShownText(PrintStream stream) {
    this(stream, new HeldOutput(stream), null);
  }

  /** Texts that are shown only if the run fails. */
  ShownText(QuietErrors quiet) {
    this(quiet, quiet.stream());
  }

  private ShownText(QuietErrors quiet, PrintStream stream) {
    this(stream, new HeldOutput(stream), quiet);
  }

  private ShownText(PrintStream stream, HeldOutput held, QuietErrors quiet) {
    super(held, true, stream.charset());
    this.stream = stream;
    this.held = held;
    this.quiet = quiet;
  }

  /** Standard error of a command line: quiet, if it asks for that. */
  static ShownText errors(String... arguments) {
    return QuietErrors.asked(arguments) ? new ShownText(new QuietErrors(System.err)) : new ShownText(System.err);
  }

  /** Somebody must see it now, in a quiet run too, as what comes: it failed, or a person is asked. */
  void urgent() {
    flush();
    if (quiet != null) {
      quiet.show();
    }
  }

  @Override
  public boolean checkError() {
    return super.checkError() || stream.checkError();
  }

  /** What lets them wait. */
  HeldOutput held() {
    return held;
  }

  /** Who is to hear of whatever is shown. */
  void heardBy(Heartbeat listener) {
    work = listener;
  }

  /** From now on somebody else has the terminal, a guest or a prompt: nobody waits for a command. */
  void attended() {
    Heartbeat listener = work;
    if (listener != null) {
      listener.close();
    }
  }

  @Override
  public void write(String text, int from, int length) {
    Heartbeat listener = work;
    if (listener != null) {
      listener.heard();
    }
    String shown = OptionName.onCommandLine(text.substring(from, from + length));
    super.write(shown, 0, shown.length());
  }
}
