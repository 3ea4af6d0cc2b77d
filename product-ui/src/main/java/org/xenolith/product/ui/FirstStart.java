// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.xenolith.launch.Folders;
import org.xenolith.launch.Home;
import org.xenolith.launch.Preparation;

/**
 * Makes what the window of an unpacked archive is opened fast by, in the user's cache: before the first window the framework's storage with all bundles installed, and when it is closed the JVM's
 * cache of the classes that it loaded. No window is opened for it: the first one, which the user works with, shows the JVM what to keep ready.
 */
final class FirstStart {
  private static final String LOCK = "lock";

  private FirstStart() {}

  /**
   * After the first window: makes the cache of what it recorded. Arguments: the folder that {@link #prepare} made, and the file that the window's JVM recorded into, which is deleted. Ends
   * with 0 if the cache is there then, whoever made it.
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path recorded = Path.of(arguments[1]);
    Home home = Home.ofThisProcess(FirstStart.class);
    try (FileChannel file = FileChannel.open(folder.resolveSibling(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock alone = file.lock()) {
      if (alone.isValid() && !Files.exists(folder.resolve(Home.CLASSES))) {
        makeClasses(home, folder, recorded);
        Preparation.forget(folder.getParent(), folder);
      }
    } finally {
      Files.deleteIfExists(recorded);
    }
  }

  private static void makeClasses(Home home, Path folder, Path recorded) throws IOException, InterruptedException {
    Path fresh = folder.resolve(Home.CLASSES + ".new");
    int code = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + home.folder().resolve(
        Home.FLAGS), "-XX:AOTMode=create", "-XX:AOTConfiguration=" + recorded, "-XX:AOTCache=" + fresh, "-jar", home.start().toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT).start().waitFor();
    if (code != 0 || !Files.exists(fresh)) {
      throw new IOException("no classes are kept ready, windows open as slowly as the first: the JVM that was to make " + fresh
          + " of what it recorded ended with code " + code);
    }
    Files.move(fresh, folder.resolve(Home.CLASSES), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Before the first window: makes the storage, unless it is there. @param folder where, which this process is told of by {@link Home#PREPARED} */
  static void prepare(Home home, Path folder) throws Exception {
    Files.createDirectories(folder.getParent());
    // Two starts at once make it once.
    try (FileChannel file = FileChannel.open(folder.resolveSibling(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock alone = file.lock()) {
      if (!alone.isValid() || home.prepared()) {
        return;
      }
      Path fresh = folder.resolveSibling("unfinished");
      Folders.delete(fresh); // of a start that was ended
      Files.createDirectories(fresh);
      System.setProperty(Home.PREPARED, fresh.toString());
      Start.prepare(home);
      Folders.delete(folder);
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
