// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.InputFile;
import org.xenolith.command.kit.ToldChange;
import org.xenolith.machine.control.LiveChange;

/** Commands of the scope {@code xenolith} in the OSGi shell; their names are the commands'. Public for its reflection. */
public final class ShellFunctions {
  private final LiveChange change;

  ShellFunctions(LiveChange change) {
    this.change = change;
  }

  /** Replaces a bundle by another version of itself. */
  public String replace(String bundle, String jar) throws IOException {
    try (InputStream in = open(jar)) {
      ToldChange before = ToldChange.of(ShellFunctions.class, bundle);
      return before.textWithPause(change.replace(bundle, in));
    }
  }

  /** Uninstalls a bundle; its devices go away. */
  public String remove(String bundle) {
    ToldChange before = ToldChange.of(ShellFunctions.class, bundle);
    return before.textWithPause(change.remove(bundle));
  }

  /** Installs and starts a bundle. */
  public String add(String jar) throws IOException {
    try (InputStream in = open(jar)) {
      return ToldChange.of(ShellFunctions.class, "").textWithPause(change.add(in));
    }
  }

  private static InputStream open(String jar) throws IOException {
    Path file = Path.of(jar);
    try {
      InputFile.check(file, InputFile.GUEST);
    } catch (IOException e) {
      throw BadInput.of("jar", file, e);
    }
    return Files.newInputStream(file);
  }
}
