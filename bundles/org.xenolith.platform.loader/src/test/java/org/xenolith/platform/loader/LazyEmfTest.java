// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyStore;

/** From a tree to records the loader works where EMF can't be loaded at all. */
class LazyEmfTest {
  /** Defines the loader's classes itself and knows no EMF. */
  private static final class WithoutEmf extends ClassLoader {
    WithoutEmf() {
      super(LazyEmfTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.eclipse.emf.") || name.matches("org\\.xenolith\\.platform\\.model\\.(\\w+|impl\\..*|util\\..*)")) {
        throw new ClassNotFoundException(name);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null || !name.startsWith("org.xenolith.platform.loader.")) {
        return loaded != null ? loaded : super.loadClass(name, resolve);
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @TempDir
  Path folder;

  private static PlatformReader loaderWithoutEmf() throws ReflectiveOperationException {
    ClassLoader withoutEmf = new WithoutEmf();
    Class<?> models = withoutEmf.loadClass("org.xenolith.platform.loader.Models");
    Constructor<?> constructor = withoutEmf.loadClass("org.xenolith.platform.loader.PlatformLoaderComponent")
        .getDeclaredConstructor(models);
    constructor.setAccessible(true);
    return (PlatformReader) constructor.newInstance(java.lang.reflect.Proxy.newProxyInstance(withoutEmf,
        new Class<?>[] {models}, (proxy, method, arguments) -> Optional.empty()));
  }

  @Test
  void treesAndBlobsBecomeRecordsWithoutEmf() throws ReflectiveOperationException, IOException {
    PlatformReader reader = loaderWithoutEmf();
    Platform expected = new PlatformLoaderComponent(compatible -> Optional.empty())
        .platform("sample", SampleBoard.tree(), Map.of());
    assertEquals(expected, reader.platform("sample", SampleBoard.tree(), Map.of()));
    Path dtb = folder.resolve("sample.dtb");
    Files.write(dtb, FdtWriter.write(SampleBoard.tree()));
    assertEquals(expected, reader.read(dtb, Map.of()));
  }

  /** Boards are topology files, so every boot reads one. */
  @Test
  void topologyFilesAreReadWithoutEmf() throws ReflectiveOperationException, IOException {
    Path file = folder.resolve("sample.platform");
    Files.write(file, TopologyFile.write("sample", SampleBoard.tree(), compatible -> Optional.empty()));
    assertEquals(new PlatformLoaderComponent(compatible -> Optional.empty()).platform("sample", SampleBoard.tree(), Map.of()),
        loaderWithoutEmf().read(file, Map.of()));
  }

  @Test
  void onlyWritingOneNeedsIt() throws ReflectiveOperationException {
    TopologyStore store = (TopologyStore) loaderWithoutEmf();
    assertThrows(NoClassDefFoundError.class, () -> store.importTree("sample", SampleBoard.tree(), folder.resolve("out.platform")));
  }
}
