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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.OwnFile;
import org.xenolith.command.kit.ShownName;
import org.xenolith.command.kit.ToldChange;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.kit.HostPause;

/**
 * Watches a folder of bundles: a jar that appears is added (or replaces the installed version of itself), one that changes
 * replaces, one that vanishes is removed. A jar is taken when its size and time have stood still for one look. Its classes run
 * with the rights of whoever runs this; so who may write into the folder decides what runs: one that others may write to is refused, as is such a jar, and a link that
 * leads out of it.
 */
final class PluginsFolder implements AutoCloseable {
  private static final String OPTION = "--plugins";
  private static final long LOOK_MILLISECONDS = 200;
  /** Where a reason goes on in another line. */
  private static final Pattern LINES = Pattern.compile(":?\\s*\\R\\s*");
  private final Path folder;
  private final LiveChange change;
  private final PrintWriter err;
  private final String what;
  private final Map<Path, String> settling = new HashMap<>();
  private final Map<Path, String> taken = new HashMap<>();
  private final Map<Path, String> names = new HashMap<>();
  private final Thread watcher = new Thread(this::watch, "plugins folder");
  /** Jars that were no plug-ins. */
  private int refused;
  private volatile boolean closed;
  /** Whether what was done is told; what wasn't is always told. */
  private volatile boolean tells;

  private PluginsFolder(Path folder, LiveChange change, PrintWriter err, String what, boolean tells) {
    this.what = what;
    this.tells = tells;
    this.folder = folder;
    this.change = change;
    this.err = err;
  }

  /**
   * Takes what is there, without watching yet: a machine that is made then has it, and a guest isn't told that the hardware is missing.
   * With no folder there is nothing to close.
   *
   * @throws BadInput if others may write to the folder
   */
  static PluginsFolder of(Path folder, LiveChange change, PrintWriter err) {
    if (folder == null) {
      return null;
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInput("--plugins '" + folder + "': no such folder");
    }
    PluginsFolder plugins = new PluginsFolder(folder, change, err, "plugins", true);
    try {
      plugins.look();
      plugins.look();
    } catch (IOException e) {
      throw new BadInput("--plugins '" + ShownName.of(folder) + "': " + HostReason.of(folder, e).text());
    }
    return plugins;
  }

  /**
   * Takes what a user installed for each run. What can't be used is told and left out: it must not hinder each start.
   *
   * @return null if nothing was ever installed
   */
  static PluginsFolder installed(Path folder, LiveChange change, PrintWriter err) {
    if (!Files.isDirectory(folder)) {
      return null;
    }
    PluginsFolder plugins = new PluginsFolder(folder, change, err, "installed", false);
    try {
      plugins.look();
      plugins.look();
    } catch (IOException e) {
      plugins.say(ShownName.of(folder) + ": " + HostReason.of(folder, e).text() + "; what is installed there is left out");
    }
    return plugins;
  }

  /**
   * Takes what is in the folder that a command line names, before it is parsed.
   *
   * @return null if it names none
   * @throws BadInput if there is no such folder, others may write to it, or what lies in it can't be used
   */
  static PluginsFolder named(String[] arguments, LiveChange change, PrintWriter err) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith(OPTION + "=")) {
        return usable(Path.of(arguments[i].substring(OPTION.length() + 1)), change, err);
      }
      if (arguments[i].equals(OPTION) && i + 1 < arguments.length) {
        return usable(Path.of(arguments[i + 1]), change, err);
      }
    }
    return null;
  }

  private static PluginsFolder usable(Path folder, LiveChange change, PrintWriter err) {
    PluginsFolder plugins = of(folder, change, err);
    if (plugins.refused > 0) {
      throw new BadInput("--plugins '" + ShownName.of(folder) + "': " + (plugins.refused == 1
          ? "one jar in it can't be used; mend it, or take it"
          : plugins.refused + " jars in it can't be used; mend them, or take them") + " out of the folder");
    }
    return plugins;
  }

  /** Begins to watch, once. */
  void start() {
    tells = true;
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
          say(folder + ": it can't be read any more (" + HostReason.of(folder, e).text()
              + "); its bundles stay as they are until it is back");
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
    OwnFile.require(folder);
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
      refused++;
      say(ShownName.of(jar) + ": " + HostReason.of(jar, e).text());
    }
  }

  private void take(Path jar, Path file) throws IOException {
    String name = PluginJar.symbolicName(file);
    try (InputStream in = Files.newInputStream(file)) {
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

  private void told(Path jar, ToldChange told, Change done) {
    if (tells || !done.done()) {
      say(ShownName.of(done.done() ? jar.getFileName() : jar) + ": " + LINES.matcher(told.text(done).strip()).replaceAll("; "));
    }
  }

  private void say(String text) {
    err.println("xenolith: " + what + ": " + text);
    err.flush();
  }

  @Override
  public void close() {
    closed = true;
  }
}
