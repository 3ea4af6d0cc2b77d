// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a start goes: with the system property {@code xenolith.startProfile}, the name of a file, the main thread is looked at each half millisecond, and the file gets a line
 * for each ten: since when the process had been started, how many looks there were, what was most often done by code of ours or the framework's, and what that was busy with.
 * Between two looks a thread comes to a place where the JVM can stop it, so that what takes little may be told as what comes after it.
 */
final class StartProfile {
  /** The system property. */
  static final String PROPERTY = "xenolith.startProfile";
  private static final long EVERY_NANOS = 500_000;
  private static final int LINE_MILLISECONDS = 10;
  /** Nothing that is called a start takes longer. */
  private static final int LONGEST_MILLISECONDS = 5_000;

  private final Thread main;
  private final List<Look> looks = new ArrayList<>();

  private record Look(long millisecond, String part, String what) {}

  private StartProfile(Thread main) {
    this.main = main;
  }

  /** Begins for the calling thread, if the property is set. */
  static void begin() {
    String file = System.getProperty(PROPERTY);
    if (file != null) {
      StartProfile profile = of(Thread.currentThread());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> profile.write(Path.of(file))));
    }
  }

  /** Begins for a thread. */
  static StartProfile of(Thread main) {
    StartProfile profile = new StartProfile(main);
    Thread.ofPlatform().daemon().name("start profile").start(profile::look);
    return profile;
  }

  private void look() {
    long started = Long.getLong("xenolith.started", System.currentTimeMillis() * 1_000) / 1_000;
    for (long now = 0; now < LONGEST_MILLISECONDS && main.isAlive();) {
      StackTraceElement[] stack = main.getStackTrace();
      now = System.currentTimeMillis() - started;
      Look look = look(now, stack);
      synchronized (looks) {
        looks.add(look);
      }
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  private static Look look(long now, StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (!isOfTheJdk(frame.getClassName())) {
        return new Look(now, name(frame), frame.equals(stack[0]) ? "" : name(stack[0]));
      }
    }
    return new Look(now, "", stack.length == 0 ? "" : name(stack[0]));
  }

  private static boolean isOfTheJdk(String type) {
    return type.startsWith("java.") || type.startsWith("jdk.") || type.startsWith("sun.");
  }

  private static String name(StackTraceElement frame) {
    return frame.getClassName() + '.' + frame.getMethodName();
  }

  void write(Path file) {
    StringBuilder text = new StringBuilder();
    synchronized (looks) {
      for (int first = 0; first < looks.size();) {
        long begin = looks.get(first).millisecond / LINE_MILLISECONDS * LINE_MILLISECONDS;
        int end = first;
        while (end < looks.size() && looks.get(end).millisecond < begin + LINE_MILLISECONDS) {
          end++;
        }
        text.append(line(begin, looks.subList(first, end)));
        first = end;
      }
    }
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      System.err.println("xenolith: the profile of the start can't be written: " + HostTrouble.reason(e));
    }
  }

  private static String line(long begin, List<Look> looks) {
    String part = most(looks.stream().map(Look::part).toList());
    return "%d\t%d\t%s\t%s%n".formatted(begin, looks.size(), part, most(looks.stream().filter(look -> look.part.equals(part)).map(
        Look::what)
        .toList()));
  }

  private static String most(List<String> names) {
    Map<String, Integer> counts = new HashMap<>();
    names.forEach(name -> counts.merge(name, 1, Integer::sum));
    return counts.entrySet().stream().max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .orElseThrow()
        .getKey();
  }
}
