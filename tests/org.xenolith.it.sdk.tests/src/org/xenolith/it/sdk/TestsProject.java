// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The project of {@code new tests}, in a folder outside the tree, compiled and run as one with the extension of JUnit on the class path is. */
final class TestsProject {
  private final Path folder;
  private final CommandRun run;

  TestsProject(Path folder) {
    this.folder = folder;
    run = new CommandRun(folder);
  }

  CommandRun run() {
    return run;
  }

  /**
   * Has some of it compiled, and one more test.
   *
   * @param failing the source of {@code com.example.boots.FailingTest}
   * @param others  names of classes of the project's
   */
  void compiled(String failing, String... others) throws Exception {
    run.xenolith(0, "sdk");
    run.xenolith(0, "new", "tests", "boots");
    Path sources = folder.resolve("boots/src/test/java/com/example/boots");
    Files.writeString(sources.resolve("FailingTest.java"), failing);
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/javac").toString(), "-proc:none", "-d",
        "classes", "-cp", path(), sources.resolve("FailingTest.java").toString()));
    for (String other : others) {
      command.add(sources.resolve(other + ".java").toString());
    }
    run.run(0, command);
  }

  private String path() {
    Path sdk = GuideRun.root().resolve("dist/sdk");
    return String.join(":", folder.resolve("classes").toString(), sdk + "/bundles/*", sdk + "/test/*", sdk + "/lib/*", sdk
        + "/tool/framework.jar");
  }

  /** The command that runs them. */
  List<String> tests(String... more) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-Dxenolith.home=" + GuideRun.root(),
        "-Dxenolith.junit.recordings=" + folder.resolve("recordings")));
    command.addAll(List.of(more));
    command.addAll(List.of("-cp", path(), GuideRun.root().resolve("dist/sdk/tool/TestModel.java").toString(), folder.resolve("classes")
        .toString()));
    return command;
  }
}
