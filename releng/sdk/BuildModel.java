
// SPDX-License-Identifier: EPL-2.0
import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Domain;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles a model against the SDK and packs it as a bundle; {@code build-model} runs it.
 *
 * <p>The model's folder is like those of Xenolith's own tree: sources in {@code src/main/java}, resources beside them or
 * in {@code src/main/resources}, tests in {@code src/test/java}, and a {@code pde.bnd} with the bundle's name and version. A folder
 * {@code model} comes into the bundle as it is; a board, whose {@code pde.bnd} names a file in it, needs no sources.
 * Imports and component descriptions are made from the classes and their annotations. Only a model whose tests pass is
 * packed.
 */
public final class BuildModel {

  private static final int RELEASE = 25;

  private BuildModel() {}

  /** Arguments: the SDK, the model's folder, the jar to write. */
  public static void main(String[] arguments) throws Exception {
    try {
      build(Path.of(arguments[0]), Path.of(arguments[1]).toAbsolutePath().normalize(), Path.of(arguments[2]).toAbsolutePath());
    } catch (IllegalArgumentException e) {
      System.err.println("build-model: " + e.getMessage());
      System.exit(2);
    }
  }

  private static void build(Path sdk, Path model, Path jar) throws Exception {
    if (Runtime.version().feature() < RELEASE) {
      throw fail(System.getProperty("java.home") + " is Java " + Runtime.version().feature() + "; name a JDK " + RELEASE
          + " by JAVA_HOME");
    }
    if (!Files.exists(model.resolve("pde.bnd"))) {
      throw fail(model + " has no pde.bnd; it needs two lines, Bundle-SymbolicName and Bundle-Version");
    }
    List<File> contracts = new ArrayList<>(files(sdk.resolve("bundles"), ".jar"));
    contracts.addAll(files(sdk.resolve("lib"), ".jar"));
    Path work = Files.createTempDirectory("build-model");
    try {
      Path classes = Files.createDirectories(work.resolve("classes"));
      if (Files.exists(model.resolve("src/main/java")) || !Files.readString(model.resolve("pde.bnd")).matches(
          "(?s).*xenolith\\.(board|cpu);.*")) {
        compile(model.resolve("src/main/java"), classes, contracts);
      }
      if (Files.exists(model.resolve("src/test/java"))) {
        test(sdk, model, work, contracts);
      }
      pack(model, classes, contracts, jar);
    } finally {
      delete(work);
    }
    System.out.println(jar);
  }

  private static void test(Path sdk, Path model, Path work, List<File> contracts) throws IOException, InterruptedException {
    Path tests = work.resolve("tests");
    List<File> classPath = new ArrayList<>(contracts);
    classPath.add(work.resolve("classes").toFile());
    classPath.addAll(files(sdk.resolve("test"), ".jar"));
    compile(model.resolve("src/test/java"), tests, classPath);
    for (String resources : List.of("src/main/java", "src/main/resources", "src/test/java", "src/test/resources")) {
      classPath.add(model.resolve(resources).toFile());
    }
    classPath.add(tests.toFile());
    int failed = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", joined(classPath), sdk.resolve("tool/TestModel.java").toString(), tests.toString())
        .inheritIO().start().waitFor();
    if (failed != 0) {
      throw fail("the model's tests failed, see above; no bundle was made");
    }
  }

  private static void compile(Path sources, Path classes, List<File> contracts) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw fail("this Java has no compiler; name a JDK " + RELEASE + " by JAVA_HOME");
    }
    List<File> files = files(sources, ".java");
    if (files.isEmpty()) {
      throw fail("no Java sources in " + sources);
    }
    Files.createDirectories(classes);
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("--release", String.valueOf(RELEASE), "-proc:none", "-cp", joined(contracts), "-d", classes
          .toString());
      if (!compiler.getTask(null, manager, null, options, null, manager.getJavaFileObjectsFromFiles(files)).call()) {
        throw fail("the sources do not compile against the SDK, see above");
      }
    }
  }

  private static void pack(Path model, Path classes, List<File> contracts, Path jar) throws Exception {
    try (Builder builder = new Builder()) {
      builder.setProperties(builder.loadProperties(model.resolve("pde.bnd").toFile()));
      builder.setProperty("Bundle-Version", builder.getProperty("Bundle-Version", "1.0.0").replace(".qualifier", ""));
      builder.setProperty("Bundle-ActivationPolicy", "lazy");
      builder.setProperty("-noimportjava", "true");
      builder.setProperty("-dsannotations-options", "norequirements,nocapabilities");
      if (builder.getProperty("Import-Package") == null) {
        builder.setProperty("Import-Package", imports(contracts));
        builder.setProperty("-fixupmessages", "'Unused Import-Package instructions*';restrict:=warning;is:=ignore");
      }
      builder.addClasspath(classes.toFile());
      for (File contract : contracts) {
        builder.addClasspath(contract);
      }
      String packages = packages(classes);
      if (!packages.isEmpty()) {
        builder.setProperty("Private-Package", packages);
      }
      builder.setProperty("-includeresource", resources(model));
      Jar bundle = builder.build();
      builder.getWarnings().forEach(warning -> System.err.println("warning: " + warning));
      if (!builder.getErrors().isEmpty()) {
        throw fail(String.join("\n", builder.getErrors()));
      }
      Files.createDirectories(jar.getParent());
      bundle.write(jar.toFile());
    }
  }

  /** Packages below version 1.0 are those of kits, which change with every release: only that release's will do. */
  private static String imports(List<File> contracts) throws Exception {
    List<String> clauses = new ArrayList<>();
    for (File contract : contracts) {
      try (Jar jar = new Jar(contract)) {
        Domain.domain(jar.getManifest()).getExportPackage().forEach((name, attributes) -> {
          if (attributes.getVersion() != null && attributes.getVersion().startsWith("0.")) {
            clauses.add(name + ".*;version='${range;[==,=+)}'");
          }
        });
      }
    }
    clauses.add("*");
    return String.join(",", clauses);
  }

  private static String packages(Path classes) throws IOException {
    return String.join(",", files(classes, ".class").stream()
        .map(file -> classes.relativize(file.toPath().getParent()).toString().replace(File.separatorChar, '.'))
        .distinct().sorted().toList());
  }

  /** Resource folders that exist; of the source folder, everything but the sources. */
  private static String resources(Path model) {
    List<String> clauses = new ArrayList<>();
    if (Files.exists(model.resolve("src/main/java"))) {
      clauses.add(model.resolve("src/main/java") + ";filter:=!*.java");
    }
    if (Files.exists(model.resolve("model"))) {
      clauses.add("model=" + model.resolve("model"));
    }
    if (Files.exists(model.resolve("src/main/resources"))) {
      clauses.add(model.resolve("src/main/resources").toString());
    }
    return String.join(",", clauses);
  }

  private static String joined(List<File> classPath) {
    return String.join(File.pathSeparator, classPath.stream().map(File::toString).toList());
  }

  private static List<File> files(Path folder, String suffix) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(suffix)).sorted().map(Path::toFile).toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static IllegalArgumentException fail(String message) {
    return new IllegalArgumentException(message);
  }
}
