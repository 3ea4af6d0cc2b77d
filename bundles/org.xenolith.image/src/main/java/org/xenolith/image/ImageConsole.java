// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.xenolith.boot.api.ImagePlan;

/** What a guest that makes an image says: kept whole, looked through for its steps, the last lines at hand. */
final class ImageConsole {
  private static final int LAST = 20;
  private static final int LONGEST_LINE = 500;

  private final OutputStream log;
  private final Consumer<String> steps;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Deque<String> last = new ArrayDeque<>();
  private String step = "the guest told no step";
  private IOException trouble;

  /**
   * @param log gets every byte
   * @param steps hears of each step
   */
  ImageConsole(OutputStream log, Consumer<String> steps) {
    this.log = log;
    this.steps = steps;
  }

  /** The guest says a byte, 0 to 255. */
  synchronized void accept(int b) {
    try {
      log.write(b);
    } catch (IOException e) {
      trouble = e;
    }
    if (b == '\n') {
      end(line.toString(StandardCharsets.UTF_8).strip());
      line.reset();
    } else if (line.size() < LONGEST_LINE) {
      line.write(b);
    }
  }

  /** The machine tells of something. */
  synchronized void event(String kind, String place, String text) {
    if (!kind.equals("unmodelled-access")) {
      keep("[" + kind + " " + place + ": " + text.lines().findFirst().orElse("") + "]");
    }
  }

  private void end(String text) {
    if (text.isEmpty()) {
      return;
    }
    keep(text);
    if (text.startsWith(ImagePlan.STEP)) {
      step = text.substring(ImagePlan.STEP.length());
      steps.accept(step);
    }
  }

  private void keep(String text) {
    if (last.size() == LAST) {
      last.removeFirst();
    }
    last.add(text);
  }

  /** The last step. */
  synchronized String step() {
    return step;
  }

  /** Whether that is the one that an image ends with. */
  synchronized boolean made() {
    return step.equals(ImagePlan.MADE);
  }

  /** The last lines. */
  synchronized List<String> last() {
    return List.copyOf(last);
  }

  /** @throws IOException if the console could not be written */
  synchronized void finish() throws IOException {
    if (trouble != null) {
      throw trouble;
    }
  }
}
