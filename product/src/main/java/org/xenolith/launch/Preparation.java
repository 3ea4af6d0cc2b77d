// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes what a product's starts are fast by: the framework's storage with all bundles installed, and the JVM's cache of classes, which a run of what most starts do shows
 * the JVM. A build does it once for its checkout; of an archive, which may lie anywhere and be nobody's to write to, the first start does it.
 */
public final class Preparation {
  /** File of flags for the run that shows what is loaded; beside the product's own flags. */
  static final String TRAINING = "training.options";
  /** What most starts load: a machine, its models, an engine, ACPI tables, which a boot makes once and nothing else would make fast, and what the command line needs. */
  private static final List<String> START = List.of("boot", "--guest", "tiny", "--limit", "0.05", "--firmware", "acpi");
  /** How many of these are kept in a folder of the user's, some 60 MB each: that of now, and one of another version, place or Java. */
  private static final int KEPT = 2;

  /** What the script puts beside a folder: that people were told of it, and what went wrong. */
  private static final List<String> MARKS = List.of(".told", ".log");

  private final Home home;
  private final Path folder;
  private final Path training;

  /**
   * @param folder   which gets what is made
   * @param training file of flags
   */
  Preparation(Home home, Path folder, Path training) {
    this.home = home;
    this.folder = folder;
    this.training = training;
  }

  /** Arguments: the product's folder and the one to be made, or the same twice. Ends with 0 if it is there then, whoever made it. */
  public static void main(String[] arguments) throws Exception {
    Home home = new Home(Path.of(arguments[0]));
    Path folder = Path.of(arguments[1]);
    Path training = home.folder().resolve(TRAINING);
    if (folder.equals(home.folder())) {
      new Preparation(home, folder, training).make();
      return;
    }
    Files.createDirectories(folder.getParent());
    // Two starts at once make it once.
    try (FileChannel file = FileChannel.open(folder.resolveSibling("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock alone = file.lock()) {
      if (!alone.isValid() || Files.exists(folder.resolve(Home.CLASSES))) {
        return;
      }
      Path fresh = folder.resolveSibling("unfinished");
      Folders.delete(fresh); // of a start that was ended
      Files.createDirectories(fresh);
      new Preparation(home, fresh, training).make();
      Folders.delete(folder);
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
      forget(folder.getParent(), folder);
    }
  }

  /**
   * Deletes those made longest ago; a process that runs by one has it open.
   *
   * @param all    the folder that they lie in, each with what one version, place and Java has
   * @param newest the one that was just made
   */
  public static void forget(Path all, Path newest) throws IOException {
    try (Stream<Path> folders = Files.list(all)) {
      List<Path> older = folders.filter(Files::isDirectory).filter(one -> !one.equals(newest))
          .sorted(Comparator.comparing((Path one) -> one.resolve(Home.CLASSES).toFile().lastModified()).reversed()).toList();
      for (Path one : older.subList(Math.min(KEPT - 1, older.size()), older.size())) {
        Folders.delete(one);
        for (String mark : MARKS) {
          Files.deleteIfExists(one.resolveSibling(one.getFileName() + mark));
        }
      }
    }
  }

  void make() throws IOException, InterruptedException {
    if (java(List.of("-Dxenolith.prepare=true"), List.of("--version"), ProcessBuilder.Redirect.INHERIT, null) != 0) {
      throw new IOException("The framework did not start with the bundles in " + home.plugins());
    }
    // A short run shows the JVM what to keep ready; without the cache all still works.
    Path classes = folder.resolve(Home.CLASSES);
    Files.deleteIfExists(classes);
    // Code that it keeps is nobody else's.
    Path cache = Files.createTempDirectory("xenolith-training");
    int code;
    try {
      code = java(List.of("@" + home.folder().resolve(Home.FLAGS), "@" + training, "-D" + Training.PROPERTY + "=true",
          "-XX:AOTCacheOutput=" + classes), Training.withKernel(START, cache), ProcessBuilder.Redirect.DISCARD, cache);
    } finally {
      Folders.delete(cache);
    }
    if (!Files.exists(classes)) {
      System.err.println("No classes are kept ready, starts take longer: '" + String.join(" ", START) + "' ended with code " + code);
    }
  }

  /** @param cache where the process keeps what it downloads or makes; null for where this one does */
  private int java(List<String> options, List<String> words, ProcessBuilder.Redirect errors, Path cache)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    if (!folder.equals(home.folder())) {
      command.add("-D" + Home.PREPARED + "=" + folder);
    }
    command.addAll(List.of("-jar", home.start().toString()));
    command.addAll(words);
    ProcessBuilder process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors);
    if (cache != null) {
      process.environment().put("XENOLITH_CACHE", cache.toString());
    }
    return process.start().waitFor();
  }
}
