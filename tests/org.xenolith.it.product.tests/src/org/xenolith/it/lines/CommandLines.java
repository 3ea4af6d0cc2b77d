// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.lines;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/**
 * Runs command lines, one after the other, by the service that the launcher calls with those of a user. Public for the shell's
 * reflection.
 */
public final class CommandLines {
  /** Between the words of a line: in no file's name. */
  static final String SEPARATOR = "\u001f";

  private final BundleContext context;

  CommandLines(BundleContext context) {
    this.context = context;
  }

  /** Runs each line of a file; writes one line for each as soon as it ended: exit code, standard output and error in base 64. */
  public void lines(String from, String to) throws IOException, InvalidSyntaxException {
    ToIntFunction<String[]> main = main();
    PrintStream out = System.out;
    PrintStream err = System.err;
    try (Writer results = Files.newBufferedWriter(Path.of(to))) {
      for (String line : Files.readAllLines(Path.of(from))) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        int exit;
        try {
          System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
          System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
          exit = main.applyAsInt(line.isEmpty() ? new String[0] : line.split(SEPARATOR, -1));
        } finally {
          System.setOut(out);
          System.setErr(err);
        }
        Base64.Encoder text = Base64.getEncoder();
        results.write(exit + "," + text.encodeToString(shown.toByteArray()) + "," + text.encodeToString(complaints.toByteArray()) + "\n");
        results.flush();
      }
    }
  }

  @SuppressWarnings("unchecked") // the service property xenolith.main promises the type argument
  private ToIntFunction<String[]> main() throws InvalidSyntaxException {
    return context.getServiceReferences(ToIntFunction.class, "(xenolith.main=true)").stream().findFirst().map(context::getService)
        .orElseThrow();
  }
}
