// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a model's code asks of the host. Two runs that are compared can't show it: the clock moves on too little between them, and a thread
 * may do nothing yet. So the class files are read: the factory's, and all of its package and the packages below that their code leads to.
 */
final class HostCalls {
  /** By why a model must not: calls as {@code owner.name descriptor}, fields as {@code owner.name}. */
  private enum Rule {
    THREADS("starts no thread: it runs on the machine's",
        "java/lang/Thread\\.(<init>|start|startVirtualThread|ofPlatform|ofVirtual|Builder.*) .*", "java/util/Timer\\.<init> .*",
        "java/util/concurrent/(Executors|ForkJoinPool|ThreadPoolExecutor|ScheduledThreadPoolExecutor)\\..*",
        "java/util/concurrent/CompletableFuture\\.\\w+Async .*", "java/util/(Collection|List|Set)\\.parallelStream .*",
        "java/util/stream/\\w+\\.parallel .*", "java/util/Arrays\\.parallel\\w+ .*"),
    CLOCK("reads no clock but the machine's", "java/lang/System\\.(nanoTime|currentTimeMillis) .*",
        "java/time/\\w+\\.(now|system\\w*|tick\\w*) (?!.*Ljava/time/Clock;\\)).*", "java/time/InstantSource\\.system .*",
        "java/util/(Date|GregorianCalendar)\\.<init> \\(\\)V", "java/util/Calendar\\.getInstance .*"),
    WAITING("doesn't wait: the machine would stand still", "java/lang/Thread\\.(sleep|join|yield|onSpinWait) .*",
        "java/lang/Object\\.wait .*", "java/util/concurrent/locks/LockSupport\\.park\\w* .*",
        "java/util/concurrent/TimeUnit\\.(sleep|timedJoin|timedWait) .*"),
    CHANCE("draws no numbers that another run doesn't", "java/lang/(Strict)?Math\\.random .*",
        "java/util/(Random|SplittableRandom)\\.<init> \\(\\)V", "java/security/SecureRandom\\..*", "java/util/UUID\\.randomUUID .*",
        "java/util/concurrent/ThreadLocalRandom\\..*", "java/util/random/RandomGenerator\\.(getDefault|of) .*",
        "java/lang/System\\.identityHashCode .*"),
    PLACE("is the same wherever it runs", "java/lang/System\\.(getenv|getProperty|getProperties|console) .*",
        "java/lang/(Integer|Long|Boolean)\\.get(Integer|Long|Boolean) .*", "java/util/(TimeZone|Locale)\\.getDefault .*",
        "java/time/ZoneId\\.systemDefault .*", "java/nio/charset/Charset\\.defaultCharset .*",
        "java/lang/Runtime\\.(availableProcessors|freeMemory|maxMemory|totalMemory) .*"),
    PROCESS("leaves the process and its streams alone", "java/lang/System\\.(exit|setOut|setErr|setIn|setProperty|load|loadLibrary) .*",
        "java/lang/System\\.(out|err|in)", "java/lang/Runtime\\.(exit|halt|addShutdownHook|exec) .*", "java/lang/ProcessBuilder\\..*",
        "java/lang/Thread\\.(interrupt|setDefaultUncaughtExceptionHandler|getAllStackTraces) .*");

    private final String why;
    private final List<Pattern> calls;

    Rule(String why, String... calls) {
      this.why = why;
      this.calls = List.of(calls).stream().map(Pattern::compile).toList();
    }

    private boolean forbids(String call) {
      return calls.stream().anyMatch(pattern -> pattern.matcher(call).matches());
    }
  }

  private final ClassLoader loader;
  private final String packages;
  private final Deque<String> open = new ArrayDeque<>();
  private final Set<String> reached = new HashSet<>();
  private final Set<String> found = new TreeSet<>();
  private final Set<String> needed;

  private HostCalls(Class<?> factory, Set<String> needed) {
    this.needed = needed;
    loader = factory.getClassLoader();
    packages = factory.getPackageName().replace('.', '/') + "/";
    reach(factory.getName().replace('.', '/'));
  }

  /**
   * What is asked of the host that no model may, a sentence for each place.
   *
   * @param needed calls that this model may make, as {@code java.lang.System.getenv}
   */
  static List<String> of(Class<?> factory, Set<String> needed) throws IOException {
    HostCalls calls = new HostCalls(factory, needed);
    while (!calls.open.isEmpty()) {
      calls.read(calls.open.remove());
    }
    return new ArrayList<>(calls.found);
  }

  private void reach(String type) {
    if (type.startsWith(packages) && reached.add(type)) {
      open.add(type);
    }
  }

  private void read(String type) throws IOException {
    try (InputStream in = loader.getResourceAsStream(type + ".class")) {
      if (in == null) {
        return; // made at run time, by code that is read
      }
      ClassModel model = ClassFile.of().parse(in.readAllBytes());
      model.superclass().ifPresent(entry -> reach(entry.asInternalName()));
      model.interfaces().forEach(entry -> reach(entry.asInternalName()));
      for (MethodModel method : model.methods()) {
        String where = (type + "." + method.methodName().stringValue()).replace('/', '.');
        method.code().ifPresent(code -> code.forEach(element -> look(where, element)));
      }
    }
  }

  private void look(String where, CodeElement element) {
    switch (element) {
      case InvokeInstruction call -> used(where, call.owner().asInternalName(), call.name().stringValue(), " " + call.type()
          .stringValue());
      case FieldInstruction field -> used(where, field.owner().asInternalName(), field.name().stringValue(), "");
      case NewObjectInstruction made -> reach(made.className().asInternalName());
      case InvokeDynamicInstruction made -> {
        for (ConstantDesc argument : made.bootstrapArgs()) {
          if (argument instanceof DirectMethodHandleDesc handle) {
            String owner = handle.owner().descriptorString();
            used(where, owner.substring(1, owner.length() - 1), handle.methodName(), " " + handle.lookupDescriptor());
          }
        }
      }
      default -> {
        // asks nothing of anybody
      }
    }
  }

  private void used(String where, String owner, String name, String type) {
    reach(owner);
    String called = (owner + "." + name).replace('/', '.');
    if (needed.contains(called)) {
      return;
    }
    for (Rule rule : Rule.values()) {
      if (rule.forbids(owner + "." + name + type)) {
        found.add(where + " uses " + called + ": a model " + rule.why);
      }
    }
  }
}
