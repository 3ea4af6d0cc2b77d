// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;

/** The bundles of the headless product that the build has made, installed beside the workbench that is under test. */
final class InstalledProduct {
  private final Path plugins = root().resolve("product/target/xenolith/plugins");

  /** The checkout; the build gives it in the system property {@code xenolith.root}. */
  static Path root() {
    String root = System.getProperty("xenolith.root");
    if (root == null) {
      throw new IllegalStateException("the system property xenolith.root does not name the checkout");
    }
    return Path.of(root);
  }

  /** Installs and starts what isn't there yet, but for what works on a terminal. */
  void install() throws IOException, BundleException {
    BundleContext context = FrameworkUtil.getBundle(InstalledProduct.class).getBundleContext();
    List<String> present = Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName).toList();
    List<Bundle> fresh = new ArrayList<>();
    for (Path jar : jars()) {
      String name = name(jar);
      if (!present.contains(name) && !name.equals("org.xenolith.cli") && !name.startsWith("org.apache.felix.gogo")) {
        fresh.add(context.installBundle("reference:" + jar.toUri()));
      }
    }
    for (Bundle bundle : fresh) {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    }
  }

  private static String name(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
    }
  }

  /** The jar that the build has made. */
  Path jar(String bundle) throws IOException {
    return jars().stream().filter(f -> f.getFileName().toString().startsWith(bundle + "-")).findFirst()
        .orElseThrow(() -> new AssertionError("no " + bundle + " in " + plugins));
  }

  /** All jars of the product. */
  List<Path> jars() throws IOException {
    try (Stream<Path> jars = Files.list(plugins)) {
      return jars.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Writes another version of the PL011, as a vendor's update would come: one that sends a capital J for each small one. */
  Path otherUart(String version, Path folder) throws IOException {
    String bundle = "org.xenolith.hw.pl011";
    String name = "org/xenolith/hw/pl011/Pl011.class";
    try (JarFile from = new JarFile(jar(bundle).toFile())) {
      return version(bundle, version, folder, Map.of(name, capital(from.getInputStream(from.getEntry(name)).readAllBytes())));
    }
  }

  /** Writes another version, with some files in the place of those of their names. */
  Path version(String bundle, String version, Path folder, Map<String, byte[]> others) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarFile from = new JarFile(jar(bundle).toFile())) {
      Manifest manifest = from.getManifest();
      manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
      try (JarOutputStream to = new JarOutputStream(bytes, manifest)) {
        for (ZipEntry entry : Collections.list(from.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME) && !others.containsKey(entry.getName())) {
            to.putNextEntry(new ZipEntry(entry.getName()));
            from.getInputStream(entry).transferTo(to);
          }
        }
        for (Map.Entry<String, byte[]> other : others.entrySet()) {
          to.putNextEntry(new ZipEntry(other.getKey()));
          to.write(other.getValue());
        }
      }
    }
    return Files.write(folder.resolve(bundle + "-" + version + ".jar"), bytes.toByteArray());
  }

  private static byte[] capital(byte[] classFile) {
    ClassFile codec = ClassFile.of();
    return codec.transformClass(codec.parse(classFile), ClassTransform.transformingMethodBodies(
        method -> method.methodName().equalsString("writeData"), new CodeTransform() {
          @Override
          public void atStart(CodeBuilder code) {
            code.lload(1).loadConstant((long) 'j').lcmp().ifThen(Opcode.IFEQ, small -> small.loadConstant((long) 'J').lstore(1));
          }

          @Override
          public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
          }
        }));
  }
}
