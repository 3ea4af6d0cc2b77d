// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.IOException;
import org.xenolith.it.guest.InstalledProduct;

/**
 * A version of the PL011 that is right, but for one call, in which it does what the system property {@link #PROPERTY} says:
 * {@code CALL WHAT [AFTER]}. Calls are description, create, state, reset, removed, read, write and alarm (after 0.01 virtual seconds); AFTER is
 * how many of them are harmless. WHAT is throw, sneak (a checked exception), throwable, deep (recursion), heap, keep (heap, bit by bit),
 * loop, wait, lock (a monitor that another thread has), thread (one that doesn't end before {@link #END}). And what is no call's business: hold-out and hold-err (a loop
 * with the monitor of such a stream), close-err, exit and halt (with 0), hook and hook-halts (of the JVM's end), interrupt (all threads, over and over, and a loop),
 * interrupted (all threads, over and over, and nothing more), threads (500, which never end), crash (the JVM's).
 */
final class HostilePlugin {
  static final String PROPERTY = "xenolith.test.hostile";
  /** A system property that ends loops once it is set, so that they don't outlive a test. */
  static final String END = PROPERTY + ".end";
  static final String BUNDLE = "org.xenolith.hw.pl011";
  static final String NODE = "/pl011@9000000";
  static final String VERSION = "1.0.9";
  private static final String SOURCE = """
      package org.xenolith.hw.pl011;
      import java.lang.reflect.*;
      import java.util.*;
      import org.xenolith.machine.api.*;
      import org.xenolith.regs.DeviceState;
      public final class Pl011Component implements DeviceModelFactory {
        static volatile long spins;
        static int calls;
        static final List<long[]> kept = new ArrayList<>();
        static final Object monitor = new Object();
        static <T extends Throwable> void sneak(Throwable t) throws T { @SuppressWarnings("unchecked") T as = (T) t; throw as; }
        static int deep(int n) { return deep(n + 1) + 1; }
        static void at(String call) {
          String[] wanted = System.getProperty("xenolith.test.hostile", "").split(" ");
          if (!wanted[0].equals(call) || wanted.length > 2 && ++calls <= Integer.parseInt(wanted[2])) { return; }
          switch (wanted[1]) {
            case "throw" -> throw new IllegalStateException("hostile");
            case "sneak" -> Pl011Component.<RuntimeException>sneak(new java.io.IOException("hostile"));
            case "throwable" -> Pl011Component.<RuntimeException>sneak(new Throwable("hostile"));
            case "deep" -> deep(0);
            case "heap" -> { List<long[]> all = new ArrayList<>(); all.add(new long[Integer.MAX_VALUE - 8]); all.add(new long[Integer.MAX_VALUE - 8]); }
            case "keep" -> kept.add(new long[1 << 20]);
            case "loop" -> loop();
            case "wait" -> { synchronized (monitor) { try { monitor.wait(); } catch (InterruptedException e) { sneak(e); } } }
            case "lock" -> {
              Thread.ofPlatform().daemon().name("hostile lock").start(() -> { synchronized (monitor) { stay(); } });
              while (!held()) { Thread.onSpinWait(); }
              synchronized (monitor) { spins++; }
            }
            case "thread" -> Thread.ofPlatform().daemon().name("hostile thread").start(Pl011Component::stay);
            case "hold-out" -> { synchronized (System.out) { loop(); } }
            case "hold-err" -> { synchronized (System.err) { loop(); } }
            case "close-err" -> { System.err.close(); throw new IllegalStateException("hostile"); }
            case "exit" -> System.exit(0);
            case "halt" -> Runtime.getRuntime().halt(0);
            case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(Pl011Component::stay, "hostile hook"));
            case "hook-halts" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0), "hostile hook"));
            case "interrupt" -> { interrupting(); loop(); }
            case "interrupted" -> interrupting();
            case "threads" -> {
              for (int i = 0; i < 500; i++) { Thread.ofPlatform().name("hostile thread " + i).start(Pl011Component::stay); }
            }
            case "crash" -> crash();
            default -> throw new IllegalArgumentException(wanted[1]);
          }
        }
        static void loop() { while (System.getProperty("xenolith.test.hostile.end") == null) { spins++; } }
        static void interrupting() {
          Thread.ofPlatform().daemon().name("hostile interrupts").start(() -> {
            while (true) {
              for (Thread thread : Thread.getAllStackTraces().keySet()) { if (thread != Thread.currentThread()) { thread.interrupt(); } }
              try { Thread.sleep(20); } catch (InterruptedException e) { }
            }
          });
        }
        static void crash() {
          try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe", true, ClassLoader.getSystemClassLoader());
            Field field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            unsafe.getMethod("putLong", long.class, long.class).invoke(field.get(null), 8L, 1L);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        }
        static void stay() { while (System.getProperty("xenolith.test.hostile.end") == null) { try { Thread.sleep(1000); } catch (InterruptedException e) { } } }
        static boolean held() {
          return Thread.getAllStackTraces().keySet().stream().anyMatch(
              t -> t.getState() == Thread.State.TIMED_WAITING && Arrays.stream(t.getStackTrace()).anyMatch(f -> f.getClassName().contains("Pl011Component")));
        }
        public ModelDescription description() { at("description"); return new ModelDescription("hostile", "hostile", "none"); }
        public DeviceModel create(DeviceContext given) {
          at("create");
          DeviceBus bus = (DeviceBus) Proxy.newProxyInstance(DeviceBus.class.getClassLoader(), new Class<?>[] {DeviceBus.class},
              (self, method, a) -> {
            try {
              if (method.getName().equals("window") && a[0] instanceof Integer) {
                MmioHandler right = (MmioHandler) a[2];
                return method.invoke(given.bus(), a[0], a[1], new MmioHandler() {
                  public long read(long offset, int size) { at("read"); return right.read(offset, size); }
                  public void write(long offset, int size, long value) { at("write"); right.write(offset, size, value); }
                });
              }
              return method.invoke(given.bus(), a);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          });
          DeviceContext context = (DeviceContext) Proxy.newProxyInstance(DeviceContext.class.getClassLoader(),
              new Class<?>[] {DeviceContext.class}, (self, method, a) -> {
            try {
              return method.getName().equals("bus") ? bus : method.invoke(given, a);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          });
          DeviceModel right = new Pl011(context);
          Alarm alarm = given.time().alarm("hostile", () -> at("alarm"));
          return new DeviceModel() {
            public DeviceState state() { at("state"); return right.state(); }
            public void reset() { at("reset"); right.reset(); alarm.at(given.time().clock().now() + 10_000_000L); }
            public void restored() { right.restored(); }
            public void removed() { at("removed"); right.removed(); }
          };
        }
      }
      """;

  private HostilePlugin() {}

  /** Ends threads that versions left behind in this process: they keep those in memory, and later tests would find them. */
  static void endThreads() throws InterruptedException {
    System.setProperty(END, "now");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("hostile ")) {
        thread.interrupt();
        thread.join();
      }
    }
    System.clearProperty(END);
  }

  /** The jar, to be changed further. */
  static JarEdit edit() throws IOException {
    return JarCompiler.with(InstalledProduct.get().jar(BUNDLE), BUNDLE + ".Pl011Component", SOURCE).version(VERSION);
  }
}
