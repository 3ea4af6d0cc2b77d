// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.Machines;
import org.xenolith.machine.Machines.Still;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.hang.CodeOwners;
import org.xenolith.machine.hang.Watchdog;
import org.xenolith.machine.journal.JournalEntry;
import org.xenolith.machine.journal.JournalEntry.Operation;
import org.xenolith.machine.run.ChangedBundle;

/** Changes bundles under machines that stand still: each change is done wholly or not at all. */
public final class BundleChange implements LiveChange {
  /** How long a started bundle's services may take to come. */
  private static final long SERVICES = TimeUnit.SECONDS.toNanos(1);
  /** Milliseconds after which who waits for an earlier change looks whether that is in vain. */
  private static final long PATIENCE = 200;
  private static final String ON_MACHINE_THREAD = "called on the thread of a running machine; call it from another thread";

  private final BundleContext context;
  private final Machines machines;
  private final Watchdog watchdog;
  private final FixedBundles fixed;
  private final Leftovers leftovers;
  /** One change at a time; machines are made to stand still inside it. */
  private final ReentrantLock changing = new ReentrantLock();

  public BundleChange(BundleContext context, Machines machines, Watchdog watchdog) {
    this.context = context;
    this.machines = machines;
    this.watchdog = watchdog;
    fixed = new FixedBundles(context);
    leftovers = new Leftovers(CodeOwners.in(context));
  }

  @Override
  public Change replace(String symbolicName, InputStream jar) throws IOException {
    byte[] content = jar.readAllBytes();
    JarFacts facts = JarFacts.of(content);
    if (machines.owned()) {
      return refused(symbolicName, "", ON_MACHINE_THREAD);
    }
    String busy = begin();
    if (busy != null) {
      return refused(symbolicName, "", busy);
    }
    try {
      Bundle bundle = find(symbolicName);
      if (bundle == null) {
        return refused(symbolicName, "", "it is not installed; add it instead");
      }
      if (fixed.reason(bundle) != null) {
        return refused(symbolicName, version(bundle), fixed.reason(bundle));
      }
      if (!facts.symbolicName().equals(symbolicName)) {
        return refused(symbolicName, version(bundle), "the jar is " + facts.symbolicName() + ", expected " + symbolicName);
      }
      byte[] old = BundleContent.of(bundle);
      try (Still still = machines.still(); Watchdog.Watch watch = watch()) {
        return replace(bundle, content, old, still);
      } catch (ModelException hangs) {
        return refused(symbolicName, version(bundle), text(hangs));
      }
    } finally {
      changing.unlock();
    }
  }

  private Change replace(Bundle bundle, byte[] content, byte[] old, Still still) {
    String name = bundle.getSymbolicName();
    List<Handover> parts = new ArrayList<>();
    TouchedMachines touched = TouchedMachines.of(still, machine -> {
      parts.add(machine.handover(name));
      return parts.getLast().size();
    });
    changing(still);
    try {
      parts.forEach(Handover::capture);
    } catch (Throwable e) {
      return touched.change(false, name, version(bundle), still, "its state can't be taken out: " + text(e));
    }
    parts.forEach(Handover::takeOut);
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
    String before = version(bundle);
    String reason = "";
    try {
      update(bundle, content, parts);
    } catch (Throwable e) {
      reason = text(e);
      try {
        update(bundle, old, parts);
      } catch (Throwable second) {
        reason += "; and the old version did not come back: " + text(second);
        report(still, name, reason);
      }
    }
    parts.forEach(Handover::finish);
    if (reason.isEmpty()) {
      wiring = null;
      leaks(still, name, loader);
      journal(still, new ChangedBundle(Operation.REPLACE, name, version(bundle), Optional.of(content), before, Optional.of(old)));
    }
    return touched.change(reason.isEmpty(), name, version(bundle), still, reason);
  }

  private void leaks(Still still, String name, ClassLoader old) {
    String left = old == null ? null : leftovers.replaced(name, old);
    if (left != null) {
      still.machines().forEach(machine -> machine.eventLog().announce("bundle-leaks", name, left));
    }
  }

  /** Waits for an earlier change; returns why that is in vain, or null. */
  private String begin() {
    boolean interrupted = false;
    try {
      for (;;) {
        try {
          if (changing.tryLock(PATIENCE, TimeUnit.MILLISECONDS)) {
            return null;
          }
          Hang hang = machines.open().stream().flatMap(machine -> machine.hang().stream()).findFirst().orElse(null);
          if (hang != null) {
            return "an earlier change can't end: " + hang;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Watchdog.Watch watch() {
    return watchdog.section("while bundles were changed", () -> machines.open().stream().map(CoreMachine::hardware).toList());
  }

  /** Gives a bundle another content and puts back, from it, what was taken out. */
  private static void update(Bundle bundle, byte[] content, List<Handover> parts) throws BundleException {
    bundle.update(new ByteArrayInputStream(content));
    if (bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING) {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    }
    // Declarative services come synchronously with the start; the wait is for those that don't.
    long deadline = System.nanoTime() + SERVICES;
    while (!parts.stream().allMatch(Handover::served)) {
      if (System.nanoTime() > deadline) {
        throw new ModelException(bundle.getSymbolicName() + " " + bundle.getVersion()
            + " doesn't offer what the machine has of it within " + TimeUnit.NANOSECONDS.toSeconds(SERVICES)
            + " s; look at its components");
      }
      LockSupport.parkNanos(100_000);
    }
    parts.forEach(Handover::putBack);
  }

  private static String text(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  @Override
  public Change remove(String symbolicName) {
    if (machines.owned()) {
      return refused(symbolicName, "", ON_MACHINE_THREAD);
    }
    // Who takes away what hangs wants it off the bus.
    machines.open().stream().filter(machine -> machine.hang().filter(hang -> hang.bundle().equals(symbolicName)).isPresent())
        .forEach(CoreMachine::takeOff);
    String busy = begin();
    if (busy != null) {
      return refused(symbolicName, "", busy);
    }
    try {
      Bundle bundle = find(symbolicName);
      if (bundle == null) {
        return refused(symbolicName, "", "it is not installed");
      }
      String version = version(bundle);
      if (fixed.reason(bundle) != null) {
        return refused(symbolicName, version, fixed.reason(bundle));
      }
      Optional<byte[]> content = readable(bundle);
      try (Still still = machines.still(); Watchdog.Watch watch = watch()) {
        changing(still);
        // Its services go first: models that take leave may still need classes that were not loaded so far.
        bundle.stop();
        TouchedMachines touched = TouchedMachines.of(still, CoreMachine::reconcile);
        bundle.uninstall();
        journal(still, new ChangedBundle(Operation.REMOVE, symbolicName, version, Optional.empty(), version, content));
        return touched.change(true, symbolicName, "", still, "");
      } catch (BundleException | ModelException e) {
        return refused(symbolicName, version, text(e));
      }
    } finally {
      changing.unlock();
    }
  }

  @Override
  public Change add(InputStream jar) throws IOException {
    byte[] content = jar.readAllBytes();
    JarFacts facts = JarFacts.of(content);
    if (machines.owned()) {
      return refused(facts.symbolicName(), "", ON_MACHINE_THREAD);
    }
    String busy = begin();
    if (busy != null) {
      return refused(facts.symbolicName(), "", busy);
    }
    try {
      Bundle present = find(facts.symbolicName());
      if (present != null) {
        return refused(facts.symbolicName(), version(present), "it is installed already; replace it instead");
      }
      if (fixed.reason(facts) != null) {
        return refused(facts.symbolicName(), "", fixed.reason(facts));
      }
      try (Still still = machines.still(); Watchdog.Watch watch = watch()) {
        return add(facts, content, still);
      } catch (ModelException hangs) {
        return refused(facts.symbolicName(), "", text(hangs));
      }
    } finally {
      changing.unlock();
    }
  }

  private Change add(JarFacts facts, byte[] content, Still still) {
    changing(still);
    Bundle bundle = null;
    try {
      bundle = context.installBundle("xenolith:" + facts.symbolicName() + ':' + facts.version(),
          new ByteArrayInputStream(content));
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    } catch (BundleException e) {
      if (bundle != null) {
        discard(bundle, still);
      }
      return new Change(false, facts.symbolicName(), "", 0, still.nanoseconds(), text(e));
    }
    TouchedMachines touched = TouchedMachines.of(still, CoreMachine::reconcile);
    journal(still, new ChangedBundle(Operation.ADD, facts.symbolicName(), version(bundle), Optional.of(content), "", Optional.empty()));
    return touched.change(true, facts.symbolicName(), version(bundle), still, "");
  }

  private static void discard(Bundle bundle, Still still) {
    try {
      bundle.uninstall();
    } catch (BundleException e) {
      report(still, bundle.getSymbolicName(), "could not be uninstalled: " + text(e));
    }
  }

  @Override
  public byte[] content(String symbolicName) throws IOException {
    Bundle bundle = find(symbolicName);
    if (bundle == null) {
      throw new IOException(symbolicName + " is not installed");
    }
    return BundleContent.of(bundle);
  }

  @Override
  public boolean installed(String symbolicName) {
    return find(symbolicName) != null;
  }

  @Override
  public void begin(Path journal, Consumer<String> progress) throws IOException {
    new RecordedBundles(journal, this, progress).install();
  }

  private Bundle find(String symbolicName) {
    for (Bundle bundle : context.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    return null;
  }

  private static String version(Bundle bundle) {
    return bundle.getVersion().toString();
  }

  private static Change refused(String symbolicName, String version, String reason) {
    return new Change(false, symbolicName, version, 0, 0, reason);
  }

  private static void report(Still still, String place, String text) {
    still.machines().forEach(machine -> machine.eventLog().report("change-failed", place, text));
  }

  private static void changing(Still still) {
    still.machines().forEach(machine -> machine.loop().source().changing());
  }

  private static void journal(Still still, ChangedBundle change) {
    still.machines().forEach(machine -> machine.loop().source().changed(change));
  }

  /** What a bundle has, for a recording; one that can't be read can be removed all the same. */
  private static Optional<byte[]> readable(Bundle bundle) {
    try {
      return Optional.of(BundleContent.of(bundle));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Does again what a journal says was done to a bundle. */
  public void replay(JournalEntry.Change change, Path journal) throws IOException {
    Change done = switch (change.operation()) {
      case REPLACE, ADD -> {
        byte[] jar = change.now().read(journal, change.bundle());
        yield change.operation() == Operation.ADD ? add(new ByteArrayInputStream(jar))
            : replace(change.bundle(), new ByteArrayInputStream(jar));
      }
      case REMOVE -> remove(change.bundle());
      case WITHDRAW -> toggle(change.bundle(), false);
      case OFFER -> toggle(change.bundle(), true);
    };
    if (!done.done()) {
      throw new IOException(change.operation() + " of " + change.bundle() + ": " + done.reason());
    }
  }

  private Change toggle(String symbolicName, boolean on) {
    changing.lock();
    try (Still still = machines.still()) {
      Bundle bundle = find(symbolicName);
      if (bundle == null) {
        return refused(symbolicName, "", "it is not installed");
      }
      if (on) {
        bundle.start(Bundle.START_ACTIVATION_POLICY);
      } else {
        bundle.stop();
      }
      return TouchedMachines.of(still, CoreMachine::reconcile).change(true, symbolicName, version(bundle), still, "");
    } catch (BundleException e) {
      return refused(symbolicName, "", text(e));
    } finally {
      changing.unlock();
    }
  }
}
