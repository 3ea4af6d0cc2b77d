// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import com.sun.management.ThreadMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is done with one input: judges what it throws, allocates and takes, and the words of a refusal. */
final class Reading {
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final ClassLoadingMXBean CLASSES = ManagementFactory.getClassLoadingMXBean();
  /** Inputs take a millisecond. */
  private static final long CPU_NANOSECONDS = 2_000_000_000L;
  private static final long BYTES = 64 << 20;
  private static final long BYTES_OF_A_BYTE = 100;
  /** What Java's own exceptions say: nothing that a person could mend. */
  private static final Pattern UNCLEAR = Pattern.compile("(java|org|com)\\.[a-z.]+[A-Z]\\w+(Exception|Error)|out of bounds for length"
      + "|Input length = |begin -?\\d+, end -?\\d+|For input string|Cannot invoke|^null$|: null$|Illegal hex characters|\\$Lambda");

  private final List<String> wrong = new ArrayList<>();
  private final byte[] input;
  private final long most;
  private boolean refused;

  /** Something that may be refused. */
  interface Work {
    void run() throws Exception;
  }

  Reading(byte[] input) {
    this(input, BYTES);
  }

  /** @param most bytes that one thing may allocate, besides what grows with the input */
  Reading(byte[] input, long most) {
    this.input = input;
    this.most = most;
  }

  /**
   * Does one thing.
   *
   * @param what     for messages
   * @param place    what a refusal must say: a regular expression found in it
   * @param declared the exceptions that a refusal may be
   * @return whether it was done
   */
  boolean done(String what, String place, List<Class<? extends Exception>> declared, Work work) {
    long classes = CLASSES.getTotalLoadedClassCount();
    long bytes = THREAD.getCurrentThreadAllocatedBytes();
    long time = THREAD.getCurrentThreadCpuTime();
    boolean done = false;
    refused = false;
    try {
      work.run();
      done = true;
    } catch (Exception e) {
      if (declared.stream().anyMatch(type -> type.isInstance(e))) {
        refused = true;
        judge(what, place, e.getMessage());
      } else {
        thrown(what, e);
      }
    } catch (StackOverflowError | OutOfMemoryError | LinkageError | AssertionError e) {
      thrown(what, e);
    }
    bytes = THREAD.getCurrentThreadAllocatedBytes() - bytes;
    time = THREAD.getCurrentThreadCpuTime() - time;
    if (CLASSES.getTotalLoadedClassCount() != classes) {
      // Loading a class, and changing it for the fuzzer, costs more than any input; the next one of the kind is judged.
      return done;
    }
    if (bytes > most + BYTES_OF_A_BYTE * input.length) {
      wrong.add(what + " allocates " + (bytes >> 20) + " MiB for an input of " + input.length + " bytes");
    }
    if (time > CPU_NANOSECONDS) {
      wrong.add(what + " takes " + time / 1_000_000 + " ms of CPU time for an input of " + input.length + " bytes");
    }
    return done;
  }

  /** Whether the last thing was refused as it should be. */
  boolean refused() {
    return refused;
  }

  private void thrown(String what, Throwable e) {
    List<StackTraceElement> frames = List.of(e.getStackTrace());
    wrong.add(what + " throws " + e + " at " + frames.stream().limit(6).toList());
  }

  private void judge(String what, String place, String message) {
    if (message == null || message.isBlank()) {
      wrong.add(what + " is refused without a word");
      return;
    }
    if (!Pattern.compile(place, Pattern.DOTALL).matcher(message).find()) {
      wrong.add(what + " is refused without place or remedy (" + place + "): " + message);
    }
    Matcher unclear = UNCLEAR.matcher(message);
    if (unclear.find() && !new String(input, StandardCharsets.ISO_8859_1).contains(unclear.group())) {
      wrong.add(what + " is refused in words that no user understands: " + message);
    }
    if (message.length() > 10_000 + 2 * input.length) {
      wrong.add(what + " is refused with a message of " + message.length() + " characters");
    }
  }

  /** Says what is wrong if something is. */
  void expect(boolean right, String what) {
    if (!right) {
      wrong.add(what);
    }
  }

  /** All that is wrong. */
  List<String> wrong() {
    return wrong;
  }
}
