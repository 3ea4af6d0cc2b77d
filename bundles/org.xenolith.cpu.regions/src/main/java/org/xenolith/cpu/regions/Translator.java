package org.xenolith.cpu.regions;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.xenolith.cpu.graph.Node;

/** Makes classes of regions, on a thread of its own: guests never wait for it. */
final class Translator implements AutoCloseable {
  /** Bytes of bytecode, about, that the instructions of a region may have. */
  static final int MOST_COST = 5000;
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private final ExecutorService thread;

  /** @param thread executes requests one after the other */
  Translator(ExecutorService thread) {
    this.thread = thread;
  }

  /** A translator with a thread that doesn't keep a JVM alive. */
  static Translator inBackground() {
    return new Translator(Executors.newSingleThreadExecutor(task -> Thread.ofPlatform().daemon().name("region translator").unstarted(task)));
  }

  /** Has a region translated, some time. */
  void request(Request request) {
    try {
      thread.execute(() -> translate(request));
    } catch (RejectedExecutionException closed) {
      // The engines that may still ask go on without.
    }
  }

  private static void translate(Request request) {
    try {
      Translation translation = Translation.of(request.flow(), request.entries());
      Node[] calls = translation.calls().stream().map(at -> request.plain()[at]).toArray(Node[]::new);
      RegionCode code = (RegionCode) LOOKUP.findConstructor(LOOKUP.defineHiddenClass(translation.classFile(), true).lookupClass(),
          MethodType.methodType(void.class, Node[].class)).invoke((Object) calls);
      for (int i = 0; i < request.nodes().length; i++) {
        int entry = translation.entry(request.entries()[i]);
        if (entry >= 0) {
          request.nodes()[i].enters(new Region(code, entry, translation.need(), translation.vector()));
        }
      }
    } catch (Throwable bug) {
      // The guest goes on without this region.
      request.failed().accept("a region of " + request.flow().size() + " instructions: " + bug);
    }
  }

  @Override public void close() {
    thread.shutdownNow();
  }
}
