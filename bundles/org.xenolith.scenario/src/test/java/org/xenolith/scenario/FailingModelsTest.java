// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarInputStream;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.MmioHandler;

class FailingModelsTest {
  private static final byte[] MANIFEST = "Manifest-Version: 1.0\nBundle-SymbolicName: b\nBundle-Version: 1.0.0\n\n".getBytes(
      StandardCharsets.UTF_8);

  /** A model with branches and an exception handler, so that frames matter. */
  public static final class Model implements MmioHandler {
    private long last;

    @Override
    public long read(long offset, int size) {
      try {
        return offset == 0 ? last : Long.parseLong("x");
      } catch (NumberFormatException e) {
        return size > 4 ? -1 : 1;
      }
    }

    @Override
    public void write(long offset, int size, long value) {
      last = offset > 4 ? value : -value;
    }

    /** Not an access. */
    public long read(String text) {
      return text.length();
    }
  }

  private static BundleJar jar(Class<?>... types) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (Class<?> type : types) {
      String name = type.getName().replace('.', '/') + ".class";
      try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
        entries.put(name, in.readAllBytes());
      }
    }
    return new BundleJar(entries, MANIFEST);
  }

  private static MmioHandler load(BundleJar jar) throws ReflectiveOperationException {
    byte[] code = jar.entries().values().iterator().next();
    ClassLoader loader = new ClassLoader(FailingModelsTest.class.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return name.equals(Model.class.getName()) ? defineClass(name, code, 0, code.length) : super.loadClass(name, resolve);
      }
    };
    return (MmioHandler) loader.loadClass(Model.class.getName()).getConstructor().newInstance();
  }

  @Test
  void whatIsToFailThrowsAndTheRestWorks() throws Exception {
    MmioHandler reads = load(FailingModels.of(jar(Model.class), true, false));
    assertThrows(IllegalStateException.class, () -> reads.read(0, 4));
    reads.write(8, 4, 7);
    assertEquals(3L, reads.getClass().getMethod("read", String.class).invoke(reads, "abc"));
    MmioHandler writes = load(FailingModels.of(jar(Model.class), false, true));
    assertThrows(IllegalStateException.class, () -> writes.write(0, 4, 1));
    assertEquals(1, writes.read(1, 4));
  }

  @Test
  void aBundleWithoutModelsIsToldApart() throws IOException {
    assertNull(FailingModels.of(jar(FailingModelsTest.class), true, true));
  }

  @Test
  void anotherVersionIsTheSameButForItsNumberAndEqualEachTime() throws IOException {
    BundleJar other = jar(Model.class).withVersion("1.0.1");
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(other.bytes()))) {
      assertEquals("1.0.1", in.getManifest().getMainAttributes().getValue("Bundle-Version"));
      assertEquals("b", in.getManifest().getMainAttributes().getValue("Bundle-SymbolicName"));
      assertTrue(in.getNextJarEntry().getName().endsWith("Model.class"));
    }
    assertEquals("1.0.5", BundleJar.after(org.osgi.framework.Version.parseVersion("1.0.4.q")));
    assertEquals(java.util.Arrays.hashCode(other.bytes()), java.util.Arrays.hashCode(jar(Model.class).withVersion("1.0.1").bytes()));
  }
}
