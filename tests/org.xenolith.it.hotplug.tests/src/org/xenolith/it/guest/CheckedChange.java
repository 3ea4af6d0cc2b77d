// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.xenolith.machine.control.LiveChange;

/**
 * Live change that looks who serves after a replacement: where a version of {@link MarkedCode} took over devices or CPUs, its code must
 * have executed, and that of the former one not since.
 */
final class CheckedChange implements LiveChange {
  private final LiveChange change;

  CheckedChange(LiveChange change) {
    this.change = change;
  }

  @Override
  public Change replace(String symbolicName, InputStream jar) throws IOException {
    byte[] content = jar.readAllBytes();
    MarkedCode.forget(symbolicName);
    Change done = change.replace(symbolicName, new ByteArrayInputStream(content));
    String served = MarkedCode.served(symbolicName);
    if (done.done() && done.devices() > 0 && MarkedCode.isIn(content) && !done.version().equals(served)) {
      throw new AssertionError(symbolicName + " " + done.version() + " is installed, but " + (served == null
          ? "none of its code has executed"
          : "the code of " + served + " executes") + ": " + done);
    }
    return done;
  }

  @Override
  public Change remove(String symbolicName) {
    return change.remove(symbolicName);
  }

  @Override
  public Change add(InputStream jar) throws IOException {
    return change.add(jar);
  }

  @Override
  public byte[] content(String symbolicName) throws IOException {
    return change.content(symbolicName);
  }

  @Override
  public boolean installed(String symbolicName) {
    return change.installed(symbolicName);
  }

  @Override
  public void begin(Path journal, Consumer<String> progress) throws IOException {
    change.begin(journal, progress);
  }
}
