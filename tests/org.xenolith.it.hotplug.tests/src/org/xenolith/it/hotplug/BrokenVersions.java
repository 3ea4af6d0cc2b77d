// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Versions of a model's bundle that can't take over, each for another reason. */
final class BrokenVersions {
  private static final String VERSION = "1.0.3";
  private final String bundle;
  private final byte[] jar;
  private final String component;
  private final String model;
  private final String options;

  /**
   * @param bundle    symbolic name, which is its package too
   * @param component simple name of its component
   * @param model     simple name of its model, made with a context
   * @param options   what its description lists, as a Java expression
   */
  private BrokenVersions(String bundle, byte[] jar, String component, String model, String options) {
    this.bundle = bundle;
    this.jar = jar;
    this.component = component;
    this.model = model;
    this.options = options;
  }

  /** Of the PL031. */
  static BrokenVersions ofClock(byte[] jar) {
    return new BrokenVersions("org.xenolith.hw.pl031", jar, "Pl031Component", "Pl031", "java.util.List.of(new ModelDescription.Option("
        + "\"epoch-seconds\", ModelDescription.Type.INTEGER, \"1\", \"seconds\", false))");
  }

  /** Of the PL011. */
  static BrokenVersions ofConsole(byte[] jar) {
    return new BrokenVersions("org.xenolith.hw.pl011", jar, "Pl011Component", "Pl011", "java.util.List.of()");
  }

  /** Of a subsystem of the hypervisor without options. */
  static BrokenVersions ofSubsystem(String bundle, byte[] jar, String component, String model) {
    return new BrokenVersions(bundle, jar, component, model, "java.util.List.of()");
  }

  /** By what is wrong with them. */
  Map<String, byte[]> all() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("it has no components", JarEdit.of(jar).version(VERSION).header("Service-Component", "OSGI-INF/none.xml").bytes());
    all.put("it can't be resolved", JarEdit.of(jar).version(VERSION).header("Import-Package",
        JarEdit.of(jar).header("Import-Package") + ",org.xenolith.nowhere").bytes());
    all.put("it needs another contract", JarEdit.of(jar).version(VERSION).header("Import-Package",
        JarEdit.of(jar).header("Import-Package").replaceAll("machine\\.api;version=\"[^\"]*\"", "machine.api;version=\"[99.0,100)\""))
        .bytes());
    all.put("its class is damaged", JarEdit.of(jar).version(VERSION).put(classFile(model), new byte[] {1, 2, 3}).bytes());
    all.put("its component's class is damaged", JarEdit.of(jar).version(VERSION).put(classFile(component), new byte[0]).bytes());
    all.put("it is another bundle", JarEdit.of(jar).version(VERSION).header("Bundle-SymbolicName", bundle + ".other").bytes());
    all.put("its component's constructor throws", factory("public " + component + "() { throw new IllegalStateException(\"broken\"); }",
        "return new " + model + "(context);"));
    all.put("it can't be started", JarEdit.of(jar).version(VERSION).header("Bundle-Activator", bundle + ".Nowhere")
        .header("Bundle-ActivationPolicy", null).bytes());
    all.put("create throws", factory("", "throw new IllegalStateException(\"broken\");"));
    all.put("create throws an error", factory("", "throw new AssertionError(\"broken\");"));
    all.put("create throws when the model has claimed all", factory("", "new " + model
        + "(context); throw new IllegalStateException(\"broken\");"));
    all.put("create gives nothing", factory("", "return null;"));
    all.put("its description throws", factory("", "return new " + model + "(context);",
        "throw new IllegalStateException(\"broken\");"));
    all.put("its state has a field too many", wrapper("more.cell(\"more\", 1);", ""));
    all.put("restored throws", wrapper("", "throw new IllegalStateException(\"broken\");"));
    return all;
  }

  private String classFile(String simpleName) {
    return bundle.replace('.', '/') + '/' + simpleName + ".class";
  }

  private byte[] factory(String member, String create) throws IOException {
    return factory(member, create, "return new ModelDescription(\"broken\", \"broken\", \"none\", " + options + ");");
  }

  private byte[] factory(String member, String create, String description) throws IOException {
    String source = "package " + bundle + ";\nimport org.xenolith.machine.api.*;\n"
        + "public final class " + component + " implements DeviceModelFactory {\n" + member
        + "\npublic ModelDescription description() { " + description + " }\n"
        + "public DeviceModel create(DeviceContext context) { " + create + " }\n}\n";
    return JarCompiler.with(jar, bundle + '.' + component, source).version(VERSION).bytes();
  }

  /** A model that adds to the state of the right one, or throws when it is told of its restored state. */
  private byte[] wrapper(String more, String restored) throws IOException {
    String create = "DeviceModel right = new " + model + "(context);\n"
        + "org.xenolith.regs.DeviceState more = right.state();\n" + more + "\n"
        + "return new DeviceModel() {\n"
        + "public org.xenolith.regs.DeviceState state() { return more; }\n"
        + "public void reset() { right.reset(); }\n"
        + "public void restored() { " + (restored.isEmpty() ? "right.restored();" : restored) + " }\n"
        + "public void removed() { right.removed(); }\n};";
    return factory("", create);
  }
}
