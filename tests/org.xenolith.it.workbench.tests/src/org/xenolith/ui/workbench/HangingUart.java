// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A version of the PL011 that is right, but for one call that doesn't come back: the one that the system property {@link #PROPERTY}
 * names: {@code create}, {@code write} (the 20th) or {@code alarm} (after 0.01 virtual seconds). It loops until {@link #END} is set.
 */
final class HangingUart {
  static final String PROPERTY = "xenolith.test.hang";
  static final String END = PROPERTY + ".end";
  static final String BUNDLE = "org.xenolith.hw.pl011";
  static final String NODE = "/pl011@9000000";
  static final String VERSION = "1.0.9";
  /** How it is named to a person. */
  static final String NAMED = NODE + ": " + BUNDLE + " " + VERSION + " has not come back for ";
  /** Where it is. */
  static final String FRAME = "at org.xenolith.hw.pl011.Pl011Component.at(";
  private static final String SOURCE = """
      package org.xenolith.hw.pl011;
      import java.lang.reflect.*;
      import org.xenolith.machine.api.*;
      import org.xenolith.regs.DeviceState;
      public final class Pl011Component implements DeviceModelFactory {
        static volatile long spins;
        static int writes;
        static void at(String call) {
          while (call.equals(System.getProperty("xenolith.test.hang")) && System.getProperty("xenolith.test.hang.end") == null) { spins++; }
        }
        public ModelDescription description() { return new ModelDescription("hanging", "hanging", "none"); }
        public DeviceModel create(DeviceContext given) {
          at("create");
          DeviceBus bus = (DeviceBus) Proxy.newProxyInstance(DeviceBus.class.getClassLoader(), new Class<?>[] {DeviceBus.class},
              (self, method, a) -> {
            try {
              if (method.getName().equals("window") && a[0] instanceof Integer) {
                MmioHandler right = (MmioHandler) a[2];
                return method.invoke(given.bus(), a[0], a[1], new MmioHandler() {
                  public long read(long offset, int size) { return right.read(offset, size); }
                  public void write(long offset, int size, long value) {
                    if (++writes > 20) { at("write"); }
                    right.write(offset, size, value);
                  }
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
          Alarm alarm = given.time().alarm("hanging", () -> at("alarm"));
          return new DeviceModel() {
            public DeviceState state() { return right.state(); }
            public void reset() { right.reset(); alarm.at(given.time().clock().now() + 10_000_000L); }
            public void restored() { right.restored(); }
            public void removed() { right.removed(); }
          };
        }
      }
      """;

  private HangingUart() {}

  /** Compiles it and writes its jar. */
  static Path jar(InstalledProduct product, Path folder) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path source = Files.writeString(folder.resolve("Pl011Component.java"), SOURCE, StandardCharsets.UTF_8);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      assertTrue(compiler.getTask(messages, files, null, List.of("-proc:none", "-Xlint:none", "-d", classes.toString(), "-cp",
          product.jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))), null,
          files.getJavaFileObjects(source)).call(), messages::toString);
    }
    Map<String, byte[]> compiled = new TreeMap<>();
    try (Stream<Path> made = Files.walk(classes)) {
      for (Path file : made.filter(Files::isRegularFile).toList()) {
        compiled.put(classes.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return product.version(BUNDLE, VERSION, folder, compiled);
  }
}
