// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.ToldChange;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.scenario.file.Action;

/** The bundles that a scenario changes; they are put back as they were in the end. */
final class ChangedBundles {
  private final BundleContext context;
  private final LiveChange change;
  /** Content before the first change, by symbolic name; empty for a bundle that was not there. */
  private final Map<String, Optional<BundleJar>> before = new LinkedHashMap<>();
  private final Consumer<String> progress;
  /** Of each bundle, what was told last: it is replaced a thousand times in some scenarios. */
  private final Map<String, String> latest = new HashMap<>();

  /** @param progress hears, in lines, which machines the changes touch */
  ChangedBundles(BundleContext context, LiveChange change, Consumer<String> progress) {
    this.context = context;
    this.change = change;
    this.progress = progress;
  }

  /** Replaces a bundle once. */
  void replace(Action.Replace action) {
    String expected = "bundle " + action.bundle() + " is replaced";
    Bundle bundle = installed(action.bundle(), expected);
    try {
      BundleJar original = remember(bundle);
      byte[] content;
      if (action.jar().isPresent()) {
        content = read(action.jar().get(), expected);
      } else {
        content = original.withVersion(action.version().orElse(BundleJar.after(bundle.getVersion()))).bytes();
      }
      done("replaced", change.replace(action.bundle(), new ByteArrayInputStream(content)), expected);
    } catch (IOException e) {
      throw refused(expected, HostReason.of(e).text());
    }
  }

  /** Replaces a bundle by a version of it whose models throw. */
  void breakModels(Action.FailModel action) {
    String expected = "the models of " + action.bundle() + " are made to fail";
    Bundle bundle = installed(action.bundle(), expected);
    try {
      BundleJar original = remember(bundle);
      BundleJar failing = FailingModels.of(original, action.reads(), action.writes());
      if (failing == null) {
        throw refused(expected, "no class of it answers accesses to a window");
      }
      byte[] content = failing.withVersion(BundleJar.after(bundle.getVersion())).bytes();
      done("replaced", change.replace(action.bundle(), new ByteArrayInputStream(content)), expected);
    } catch (IOException e) {
      throw refused(expected, HostReason.of(e).text());
    }
  }

  /** Removes a bundle. */
  void remove(String name) {
    String expected = "bundle " + name + " is removed";
    try {
      remember(installed(name, expected));
    } catch (IOException e) {
      throw refused(expected, HostReason.of(e).text());
    }
    done("removed", change.remove(name), expected);
  }

  /** Adds a bundle that was removed, or a jar. */
  void plug(Action.Plug action) {
    String expected = "bundle " + action.bundle() + " is added";
    try {
      if (action.jar().isPresent()) {
        Change added = change.add(new ByteArrayInputStream(read(action.jar().get(), expected)));
        done("added", added, expected);
        before.putIfAbsent(added.symbolicName(), Optional.empty());
        return;
      }
      BundleJar content = before.getOrDefault(action.bundle(), Optional.empty()).orElseThrow(() -> refused(expected,
          "no step has removed it; name a jar to add a bundle that is not installed"));
      done("added", change.add(new ByteArrayInputStream(content.bytes())), expected);
    } catch (IOException e) {
      throw refused(expected, HostReason.of(e).text());
    }
  }

  /** Puts everything back; returns what could not be. */
  List<String> putBack() {
    Stream.Builder<String> trouble = Stream.builder();
    before.forEach((name, original) -> {
      try {
        Change undone = undo(name, original);
        if (undone != null && !undone.done()) {
          trouble.add(name + " could not be put back: " + undone.reason());
        }
      } catch (IOException e) {
        trouble.add(name + " could not be put back: " + HostReason.of(e).text());
      }
    });
    before.clear();
    return trouble.build().toList();
  }

  private Change undo(String name, Optional<BundleJar> original) throws IOException {
    boolean installed = change.installed(name);
    if (original.isEmpty()) {
      return installed ? change.remove(name) : null;
    }
    var content = new ByteArrayInputStream(original.get().bytes());
    return installed ? change.replace(name, content) : change.add(content);
  }

  private Bundle installed(String name, String expected) {
    return Stream.of(context.getBundles()).filter(b -> name.equals(b.getSymbolicName())).findFirst()
        .orElseThrow(() -> refused(expected, "it is not installed"));
  }

  private BundleJar remember(Bundle bundle) throws IOException {
    Optional<BundleJar> known = before.get(bundle.getSymbolicName());
    if (known == null) {
      known = Optional.of(BundleJar.of(bundle));
      before.put(bundle.getSymbolicName(), known);
    }
    return known.isPresent() ? known.get() : BundleJar.of(bundle);
  }

  private static byte[] read(Path jar, String expected) throws IOException {
    if (!Files.isRegularFile(jar)) {
      throw refused(expected, "there is no file " + jar);
    }
    return Files.readAllBytes(jar);
  }

  /** What was to be done to a bundle can't be: the guest has no part in that. */
  private static StepFailure refused(String expected, String why) {
    return new StepFailure(ExitCode.BAD_INPUT, expected, why);
  }

  private void done(String what, Change made, String expected) {
    if (!made.done()) {
      throw refused(expected, "not done: " + made.reason());
    }
    String text = what + ' ' + made.symbolicName() + ", " + (made.devices() == 0 ? "of no machine" : ToldChange.touched(made));
    if (!text.equals(latest.put(made.symbolicName(), text))) {
      progress.accept(text);
    }
  }
}
