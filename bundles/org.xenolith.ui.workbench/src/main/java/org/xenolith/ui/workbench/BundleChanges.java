// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.ToldChange;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;

/** Changes of bundles, one after the other on a thread of their own, and the bundles that were removed, for whoever wants them back. */
final class BundleChanges implements AutoCloseable {
  private final LiveChange change;
  private final Runnable changed;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("live change").daemon().factory());
  /** By symbolic name. */
  private final Map<String, Removed> removed = new TreeMap<>();
  private volatile String last = "";

  /**
   * A bundle that was removed.
   *
   * @param name    symbolic name
   * @param version that it had
   * @param offers  what it offered
   * @param jar     its content
   */
  private record Removed(String name, String version, String offers, byte[] jar) {
    Provider provider() {
      return new Provider(name, version, offers, true);
    }
  }

  private interface Call {
    Change call() throws IOException;
  }

  /** @param changed runs after every change and whenever {@link #last} is another, on any thread */
  BundleChanges(LiveChange change, Runnable changed) {
    this.change = change;
    this.changed = changed;
  }

  /** Replaces a bundle by the version in a jar, soon. */
  void replace(String bundle, Path jar) {
    run("Replacing " + bundle, bundle, () -> {
      try (InputStream content = Files.newInputStream(jar)) {
        return change.replace(bundle, content);
      }
    });
  }

  /** Removes a bundle, soon. */
  void remove(Provider bundle) {
    run("Removing " + bundle.name(), bundle.name(), () -> {
      Removed kept = new Removed(bundle.name(), bundle.version(), bundle.offers(), change.content(bundle.name()));
      Change done = change.remove(bundle.name());
      if (done.done()) {
        synchronized (removed) {
          removed.put(bundle.name(), kept);
        }
      }
      return done;
    });
  }

  /** Adds the bundle in a jar, soon. */
  void add(Path jar) {
    run("Adding " + jar.getFileName(), "", () -> {
      try (InputStream content = Files.newInputStream(jar)) {
        return change.add(content);
      }
    });
  }

  /** Adds a bundle that was removed as it was, soon. */
  void restore(String bundle) {
    run("Restoring " + bundle, bundle, () -> {
      Removed kept;
      synchronized (removed) {
        kept = removed.get(bundle);
      }
      if (kept == null) {
        throw new IOException("it was not removed here");
      }
      return change.add(new ByteArrayInputStream(kept.jar()));
    });
  }

  private void run(String what, String bundle, Call call) {
    thread.execute(() -> {
      say(what + "…");
      try {
        ToldChange told = ToldChange.of(BundleChanges.class, bundle);
        Change done = call.call();
        if (done.done() && change.installed(done.symbolicName())) {
          synchronized (removed) {
            removed.remove(done.symbolicName());
          }
        }
        say((done.done() ? "" : what + ": ") + told.textWithPause(done));
      } catch (IOException | RuntimeException e) {
        say(what + ": not done: " + HostReason.of(e).text());
      }
    });
  }

  private void say(String text) {
    last = text;
    changed.run();
  }

  /** What became of the latest change, for people. */
  String last() {
    return last;
  }

  /** Those that were removed and are not back, by name, but for those that somebody else has installed meanwhile. */
  List<Provider> removed(Collection<Provider> installed) {
    List<Provider> gone;
    synchronized (removed) {
      gone = new ArrayList<>(removed.values().stream().map(Removed::provider).toList());
    }
    gone.removeIf(p -> installed.stream().anyMatch(i -> i.name().equals(p.name())));
    return gone;
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
