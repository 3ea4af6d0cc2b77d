// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How the process ends. The program says with which code; no bundle keeps it from ending so, and none that came while it ran ends it in its stead: their shutdown hooks
 * aren't waited for, and who has the JVM end before there is an outcome is named. For the JVM's own ends (a recording, a cache of classes) its hooks still run if no bundle came.
 */
final class WayOut {
  private static final int UNDECIDED = -1;
  /** How long the process goes on once its code is known. */
  private static final long PATIENCE = 10_000_000_000L;
  /** How long is waited for what one bundle still does, and for who reads standard error. */
  private static final long SHORTLY = 1_000;
  private static final int FRAMES = 4;
  private static final String NOTHING = "/dev/null";
  private static final byte[] FULL =
      "xenolith: ended: the heap is full, and who has it gives nothing back. More is given by XENOLITH_JAVA_OPTS=-Xmx4g\n".getBytes(
          StandardCharsets.US_ASCII);

  private final Charset charset = System.err.charset();
  /** Nobody else's: the stream that bundles print to may be another one's by now. */
  private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);
  /** An open file that the end can do without: deleting a folder needs some, and a process may have as many as it may by then. */
  private FileInputStream spare;
  private RunFolder folder;
  private volatile Platform platform;
  private volatile Runnable rest;
  private volatile Thread leaver;
  private volatile int code = UNDECIDED;
  /** Whether bundles had come by then. */
  private volatile boolean late;
  /** Whether somebody else had the JVM end before the code was known, which the hook tells. */
  private boolean theirs;
  /** When the code was known, by {@link System#nanoTime}. */
  private volatile long since;
  /** What the end waits for now. */
  private volatile String waits = "";
  private final Object finishing = new Object();
  private boolean finished;

  /** Of nothing yet: for a process whose end isn't the program's. */
  WayOut() {}

  /** The end of this process. */
  static WayOut ofThisProcess() {
    WayOut way = new WayOut();
    try {
      way.spare = new FileInputStream(NOTHING);
    } catch (IOException e) {
      // Then there is none.
    }
    Runtime.getRuntime().addShutdownHook(new Thread(way::ending, "the end"));
    // Made now: at the end there may be no memory for it, nor leave to start threads.
    Thread.ofPlatform().daemon().name("way out").start(way::guard);
    return way;
  }

  /** What is deleted at the end. */
  void clears(RunFolder newFolder) {
    folder = newFolder;
  }

  /** Whose bundles there are. */
  void of(Platform newPlatform) {
    platform = newPlatform;
  }

  /** What is done at the end first; null for nothing, in place of what was given before. */
  void first(Runnable newRest) {
    rest = newRest;
  }

  /** The outcome is known: the process ends with this code, however long a bundle takes. The first one counts. @return whether this is it */
  synchronized boolean decided(int newCode) {
    if (code != UNDECIDED) {
      return false;
    }
    late = hasLate();
    since = System.nanoTime();
    code = newCode;
    return true;
  }

  private synchronized boolean decidedByThem(ExitCaller caller) {
    theirs = decided(caller.signal() == 0 ? Launch.INTERNAL_FAULT : caller.signal()) && caller.signal() == 0;
    return theirs;
  }

  /** Whether the end is still the program's to tell. */
  private synchronized boolean decidedByUs(int newCode) {
    decided(newCode);
    return !theirs;
  }

  /** What the end waits for. */
  void waitsFor(String what) {
    waits = what;
  }

  /** Ends the process. @param words last ones, without a line end; empty for none */
  void end(int newCode, String words) {
    while (!decidedByUs(newCode)) {
      // The hook is about to say who did it, and ends the process; if it doesn't, the guard does.
      LockSupport.parkNanos(PATIENCE);
      Thread.interrupted();
    }
    leaver = Thread.currentThread();
    rest();
    if (!words.isEmpty()) {
      say(words);
    }
    finish();
    if (late) {
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }

  /** The hook: the JVM ends, by whomever. */
  private void ending() {
    if (leaver != null && !late) {
      return;
    }
    ExitCaller caller = ExitCaller.find();
    boolean tells = decidedByThem(caller);
    rest();
    if (tells) {
      say("xenolith: " + whose(caller.code()) + " ended the program before its work was done" + at(caller.code()));
    }
    finish();
    if (tells || late || caller.signal() == 0) {
      Runtime.getRuntime().halt(code);
    }
  }

  private boolean hasLate() {
    Platform there = platform;
    return there != null && there.hasLate();
  }

  private String whose(List<StackTraceElement> stack) {
    Platform there = platform;
    for (StackTraceElement frame : stack) {
      String owner = there == null ? null : there.owner(frame.getClassName());
      if (owner != null) {
        return owner;
      }
    }
    return "a bundle";
  }

  private static String at(List<StackTraceElement> stack) {
    StringBuilder text = new StringBuilder();
    // Without the class loader's name, which says nothing here.
    stack.stream().limit(FRAMES).forEach(frame -> text.append("\n    at ").append(frame.getClassName()).append('.').append(frame
        .getMethodName()).append('(').append(frame.getFileName()).append(':').append(frame.getLineNumber()).append(')'));
    return text.toString();
  }

  /** Shows what is still to be shown. */
  private void rest() {
    Runnable first = rest;
    if (first != null) {
      shortly(first);
    }
  }

  /** Leaves nothing behind. */
  private void finish() {
    synchronized (finishing) {
      if (finished) {
        return;
      }
      finished = true;
      Platform.silence();
      if (folder != null) {
        release();
        waits = "the deletion of " + folder.folder();
        folder.discard();
        waits = "";
      }
    }
  }

  private void release() {
    try {
      if (spare != null) {
        spare.close();
      }
    } catch (IOException e) {
      // It ends with the process.
    }
  }

  private static void shortly(Runnable action) {
    Thread thread;
    try {
      thread = Thread.ofPlatform().daemon().name("last words").start(action);
    } catch (OutOfMemoryError none) {
      // The end is more than what is said of it.
      return;
    }
    long end = System.nanoTime() + SHORTLY * 1_000_000;
    while (thread.isAlive() && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
      // Nothing that a bundle can ask of this thread makes it hurry.
      Thread.interrupted();
    }
  }

  private void say(String words) {
    byte[] line = (words + System.lineSeparator()).getBytes(charset);
    shortly(() -> {
      try {
        err.write(line);
      } catch (IOException e) {
        // There is nobody to tell.
      }
    });
  }

  /** Ends the process when it should have ended. */
  private void guard() {
    HeapWatch heap = new HeapWatch();
    while (code == UNDECIDED || System.nanoTime() - since < PATIENCE) {
      LockSupport.parkNanos(code == UNDECIDED ? PATIENCE / 4 : PATIENCE / 40);
      Thread.interrupted();
      if (code == UNDECIDED && heap.full()) {
        endFull();
      }
    }
    try {
      say("xenolith: ended without waiting any longer" + (waits.isEmpty() ? "" : " for " + waits));
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }

  /** The heap stays full: a signal can't end the process any more, for its handler needs a thread. */
  private void endFull() {
    try {
      err.write(FULL);
    } catch (IOException e) {
      // There is nobody to tell.
    } finally {
      Runtime.getRuntime().halt(Launch.INTERNAL_FAULT);
    }
  }
}
