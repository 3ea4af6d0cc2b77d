// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.hooks.weaving.WeavingHook;

/**
 * Starts the product and runs its command line.
 *
 * <p>The command line is whoever registers a {@link ToIntFunction} of {@code String[]} with the service property
 * {@code xenolith.main=true}. It is called on the main thread with the program's arguments, and what it returns is
 * the exit code. Only types of the JDK are shared, so the launcher needs no bundle and no bundle needs the launcher. It may find two services of the launcher's: one to end
 * the process, and one to have something done first when it ends.
 */
public final class Launch {

  /** The exit code when the input or the machine lacks something. */
  static final int BAD_INPUT = 2;

  /** The exit code of a fault of ours, as against one of the guest or of the input. */
  static final int INTERNAL_FAULT = 4;

  private static final String MAIN = "(xenolith.main=true)";
  /** Property of a service that ends the process: a {@code BiConsumer} of the exit code and last words, which may be empty. */
  private static final String END = "xenolith.end";
  /** Property of a service that is told what to do when the process ends, before anything else: a {@code Consumer} of a {@code Runnable}, null for nothing. */
  private static final String FIRST = "xenolith.atEnd";

  /** Keeps this product's folder; never closed. */
  @SuppressWarnings("unused")
  private static FileChannel running;

  private Launch() {}

  /** Runs the product that this class lies in; with the system property {@code xenolith.prepare} only prepares it. */
  public static void main(String[] arguments) throws Exception {
    StartProfile.begin();
    Home home = Home.ofThisProcess(Launch.class);
    if (Boolean.getBoolean("xenolith.prepare")) {
      prepare(home);
      return;
    }
    running = Publication.use(home.folder());
    GuestMemory.choose(arguments);
    HostEngine.notice(System.getProperty("os.arch"), System.getProperty("os.name"), System.getenv(), arguments).ifPresent(
        System.err::println);
    Beforehand.begin(GuestMemory.isOutside());
    SteadyStream.install();
    WayOut way = WayOut.ofThisProcess();
    way.end(start(home, Path.of(System.getProperty("java.io.tmpdir")), way, arguments), "");
  }

  /** Runs in a folder of its own, which is deleted when the program ends. Never throws: that would exit as a guest's failure. */
  static int start(Home home, Path temporary, WayOut way, String[] arguments) {
    RunFolder folder = RunFolder.ofThisProcess(temporary);
    if (folder == null) {
      return BAD_INPUT;
    }
    way.clears(folder);
    try {
      folder.requireRoom();
      return run(home, folder.storage(), way, arguments);
    } catch (Throwable e) {
      if (HostTrouble.isSaid(e, temporary)) {
        return BAD_INPUT;
      }
      System.err.println("xenolith: internal fault; please report it with this trace:");
      System.err.print(Platform.trace(e));
      return INTERNAL_FAULT;
    }
  }

  /** Runs the command line once and stops the framework, or as much of it as a process that ends needs. */
  static int run(Home home, Path storage, WayOut way, String[] arguments) throws Exception {
    boolean prepared = home.prepared();
    if (prepared) {
      Folders.copy(home.configuration(), storage);
    }
    // A product that was changed is what its jars are now.
    PathCode code = prepared ? PathCode.of(home) : null;
    Platform platform = new Platform(home, storage, !prepared, code, new Headless());
    way.of(platform);
    offer(platform, way);
    try {
      ToIntFunction<String[]> main = commandLine(platform.context());
      if (main == null) {
        System.err.println("xenolith: no bundle offers a command line (service " + MAIN + ").");
        platform.problems().forEach(problem -> System.err.println("  " + problem));
        Components.problems(platform.context()).forEach(problem -> System.err.println("  " + problem));
        return INTERNAL_FAULT;
      }
      int outcome = Boolean.getBoolean(Training.PROPERTY) ? Training.run(main, arguments) : main.applyAsInt(arguments);
      // From here on bundles have their say, but none in this.
      way.decided(outcome);
      return outcome;
    } finally {
      if (code == null) {
        platform.close();
      } else {
        platform.leave(bundle -> way.waitsFor(bundle + ", which does not stop"));
        way.waitsFor("");
      }
    }
  }

  /** What the command line has of the launcher: only types of the JDK, as with the command line itself. */
  private static void offer(Platform platform, WayOut way) {
    BundleContext context = platform.context();
    BiConsumer<Integer, String> end = way::end;
    Consumer<Runnable> first = way::first;
    context.registerService(BiConsumer.class, end, FrameworkUtil.asDictionary(Map.of(END, true)));
    context.registerService(Consumer.class, first, FrameworkUtil.asDictionary(Map.of(FIRST, true)));
    context.registerService(WeavingHook.class, new HaltWeaving(platform::isLate), null);
  }

  /** Installs and resolves all bundles once, so that each start finds that done. */
  static void prepare(Home home) throws Exception {
    prepare(home, PathCode.of(home), new Headless());
  }

  /** The same for bundles of which a product has something else done. */
  public static void prepare(Home home, PathCode code, Composition composition) throws Exception {
    Path configuration = home.configuration();
    Folders.delete(configuration);
    Files.createDirectories(configuration);
    try (Platform platform = new Platform(home, configuration, true, code, composition)) {
      List<String> problems = platform.problems();
      if (!problems.isEmpty()) {
        throw new IllegalStateException("Bundles that cannot run:\n  " + String.join("\n  ", problems));
      }
    }
    Files.writeString(configuration.resolve("fingerprint"), home.fingerprint());
  }

  /** The command line of highest rank, or null when there is none. */
  @SuppressWarnings("unchecked") // the service property xenolith.main promises the type argument
  private static ToIntFunction<String[]> commandLine(BundleContext context) throws InvalidSyntaxException {
    return context.getServiceReferences(ToIntFunction.class, MAIN).stream()
        .max(Comparator.naturalOrder())
        .map(reference -> (ToIntFunction<String[]>) context.getService(reference))
        .orElse(null);
  }
}
