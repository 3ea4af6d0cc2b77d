// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.FlightRecorder;

/** Makes classes of regions, on a thread of its own: guests never wait for it. */
final class Translator implements AutoCloseable {
  /** Bytes of bytecode, about, that the instructions of a region may have. */
  static final int MOST_COST = 5000;
  /** Requests that wait; with so many, what else gets hot is interpreted on. */
  static final int MOST_WAITING = 2000;
  private final boolean checked;
  private final ExecutorService thread;
  private final Library library = new Library();
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param checked whether what regions do is compared with what the interpreter does
   * @param thread  executes requests one after the other
   */
  Translator(boolean checked, ExecutorService thread) {
    this.checked = checked;
    this.thread = thread;
  }

  /** Whether what regions do is compared with what the interpreter does. */
  boolean checked() {
    return checked;
  }

  /** A translator with a thread that doesn't keep a JVM alive. */
  static Translator inBackground(boolean checked) {
    return new Translator(checked, Executors.newSingleThreadExecutor(
        task -> Thread.ofPlatform().daemon().name("region translator").unstarted(task)));
  }

  /** Has a region translated, some time, unless too many wait for that. */
  void request(Request request) {
    if (waiting.get() >= MOST_WAITING) {
      return;
    }
    waiting.incrementAndGet();
    try {
      thread.execute(() -> {
        waiting.decrementAndGet();
        translate(request);
      });
    } catch (RejectedExecutionException closed) {
      waiting.decrementAndGet();
      // The engines that may still ask go on without.
    }
  }

  private void translate(Request request) {
    try {
      Compiled compiled = FlightRecorder.isInitialized() ? recorded(request) : new Compiled(translation(request));
      library.add(compiled);
      compiled.install(request.nodes(), request.plain(), checked);
    } catch (ReflectiveOperationException | RuntimeException | Error bug) {
      // The guest goes on without this region.
      request.failed().accept("a region of " + request.flow().size() + " instructions: " + bug);
    }
  }

  private Translation translation(Request request) {
    return Translation.of(request.flow(), request.entries(), checked);
  }

  /** Translates while the flight recorder is there: before it is, an event would have it read all its metadata. */
  private Compiled recorded(Request request) throws ReflectiveOperationException {
    TranslationEvent event = new TranslationEvent();
    event.begin();
    Translation translation = translation(request);
    Compiled compiled = new Compiled(translation);
    event.end();
    if (event.shouldCommit()) {
      event.instructions = translation.need();
      event.entries = translation.entries().length;
      event.bytes = translation.classFile().length;
      event.commit();
    }
    return compiled;
  }

  /** What was translated for any CPU. */
  Library library() {
    return library;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
