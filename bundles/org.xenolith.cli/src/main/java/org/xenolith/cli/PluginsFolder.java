// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.ToldChange;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.kit.HostPause;

/**
 * Watches a folder of bundles: a jar that appears is added (or replaces the installed version of itself), one that changes
 * replaces, one that vanishes is removed. A jar is taken when its size and time have stood still for one look. Its classes run
 * with the rights of whoever runs this; so who may write into the folder decides what runs, and a link that leads out of it, to
 * where others may write, is refused.
 */
final class PluginsFolder implements AutoCloseable {
  private static final String OPTION = "--plugins";
  private static final long LOOK_MILLISECONDS = 200;
  private final Path folder;
  private final LiveChange change;
  private final PrintWriter err;
  private final Map<Path, String> settling = new HashMap<>();
  private final Map<Path, String> taken = new HashMap<>();
  private final Map<Path, String> names = new HashMap<>();
  private final Thread watcher = new Thread(this::watch, "plugins folder");
  private volatile boolean closed;

  private PluginsFolder(Path folder, LiveChange change, PrintWriter err) {
    this.folder = folder;
    this.change = change;
    this.err = err;
  }

  /**
   * Takes what is there, without watching yet: a machine that is made then has it, and a guest isn't told that the hardware is missing.
   * With no folder there is nothing to close.
   */
  static PluginsFolder of(Path folder, LiveChange change, PrintWriter err) {
    if (folder == null) {
      return null;
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInput("--plugins '" + folder + "': no such folder");
    }
    PluginsFolder plugins = new PluginsFolder(folder, change, err);
    try {
      plugins.look();
      plugins.look();
    } catch (IOException e) {
      plugins.say(folder + ": " + e.getMessage());
    }
    return plugins;
  }

  /**
   * Takes what is in the folder that a command line names, before it is parsed.
   *
   * @return null if it names none
   * @throws BadInput if there is no such folder
   */
  static PluginsFolder named(String[] arguments, LiveChange change, PrintWriter err) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith(OPTION + "=")) {
        return of(Path.of(arguments[i].substring(OPTION.length() + 1)), change, err);
      }
      if (arguments[i].equals(OPTION) && i + 1 < arguments.length) {
        return of(Path.of(arguments[i + 1]), change, err);
      }
    }
    return null;
  }

  /** Begins to watch, once. */
  void start() {
    if (watcher.getState() == Thread.State.NEW) {
      watcher.setDaemon(true);
      watcher.start();
    }
  }

  private void watch() {
    boolean lost = false;
    while (!closed) {
      try {
        look();
        if (lost) {
          say(folder + ": it can be read again");
        }
        lost = false;
      } catch (IOException e) {
        if (!lost) {
          say(folder + ": it can't be read any more (" + e.getMessage() + "); its bundles stay as they are until it is back");
        }
        lost = true;
      } catch (Throwable e) {
        say(folder + ": " + e);
      }
      HostPause.nanoseconds(LOOK_MILLISECONDS * 1_000_000);
    }
  }

  private void look() throws IOException {
    Map<Path, String> now = new HashMap<>();
    if (!Files.isDirectory(folder)) {
      throw new IOException("it is gone");
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar") && Files.exists(f)).toList()) {
        now.put(jar, Files.size(jar) + " " + Files.getLastModifiedTime(jar).toMillis());
      }
    }
    for (Path gone : new ArrayList<>(taken.keySet())) {
      if (!now.containsKey(gone)) {
        taken.remove(gone);
        String name = names.remove(gone);
        if (name != null) {
          ToldChange told = ToldChange.of(PluginsFolder.class, name);
          told(gone, told, change.remove(name));
        }
      }
    }
    List<Path> ready = now.keySet().stream().sorted().filter(f -> now.get(f).equals(settling.get(f)))
        .filter(f -> !now.get(f).equals(taken.get(f))).toList();
    for (Path jar : ready) {
      taken.put(jar, now.get(jar));
      take(jar);
    }
    settling.clear();
    settling.putAll(now);
  }

  private void take(Path jar) {
    try {
      take(jar, inFolder(jar));
    } catch (IOException e) {
      say(jar + ": " + e.getMessage());
    }
  }

  private void take(Path jar, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String name = symbolicName(file);
      ToldChange told = ToldChange.of(PluginsFolder.class, name);
      Change done = names.containsValue(name) || change.installed(name) ? change.replace(name, in) : change.add(in);
      if (done.done()) {
        names.put(jar, done.symbolicName());
      }
      told(jar, told, done);
    }
  }

  /** Where a jar lies, all links followed; fails if that is not in the folder. */
  private Path inFolder(Path jar) throws IOException {
    Path real = jar.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      throw new IOException("refused: it is a link that leads out of the folder, to " + real + ". Copy the file into the folder");
    }
    return real;
  }

  /**
   * The bundle that a file is.
   *
   * @throws IOException if it is none; the message says why, without the file's name
   */
  static String symbolicName(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String name = manifest == null ? null : manifest.getMainAttributes().getValue("Bundle-SymbolicName");
      if (name == null) {
        throw new IOException("not a bundle: its manifest has no Bundle-SymbolicName");
      }
      return name.replaceFirst(";.*", "").strip();
    } catch (ZipException e) {
      throw new IOException("not a bundle: it is no jar file, or only part of one", e);
    }
  }

  private void told(Path jar, ToldChange told, Change done) {
    say((done.done() ? jar.getFileName() : jar) + ": " + told.text(done));
  }

  private void say(String text) {
    err.println("xenolith: plugins: " + text);
    err.flush();
  }

  @Override
  public void close() {
    closed = true;
  }
}
