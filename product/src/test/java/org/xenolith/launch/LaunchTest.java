// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on a product whose only bundle is made here. */
class LaunchTest {

  @TempDir
  Path folder;

  private Home home;

  @BeforeEach
  void makeProduct() throws IOException {
    home = new Home(folder.resolve("product"));
    Files.createDirectories(home.plugins());
    bundle("echo", "org.osgi.framework").header("Bundle-Activator", EchoActivator.class.getName()).type(EchoActivator.class).into(home);
  }

  @Test
  void argumentsReachTheCommandLineAndItsResultIsTheExitCode() throws Exception {
    assertEquals(3, run("boot", "virt", "--limit=5"));
  }

  @Test
  void preparedProductGivesTheSame() throws Exception {
    assertFalse(home.prepared());
    Launch.prepare(home);
    assertTrue(home.prepared());
    assertEquals(1, run("x"));
    assertEquals(0, run());
  }

  @Test
  void withoutAPlaceForTemporaryFilesItIsNotTheGuestThatFailed() {
    assertEquals(Launch.BAD_INPUT, Launch.start(home, folder.resolve("nosuch"), new WayOut(), new String[0]));
  }

  @Test
  void aProductThatCannotStartIsAnInternalFault() throws IOException {
    Folders.delete(home.plugins());
    assertEquals(Launch.INTERNAL_FAULT, Launch.start(home, folder, new WayOut(), new String[0]));
  }

  @Test
  void anotherBundleMakesThePreparationVoidAndIsInstalled() throws Exception {
    Launch.prepare(home);
    bundle("more", "org.osgi.framework").into(home);
    assertFalse(home.prepared());
    assertEquals(1, run("x"));
  }

  @Test
  void runLeavesTheProductAsItWas() throws Exception {
    Launch.prepare(home);
    byte[] before = Files.readAllBytes(home.configuration().resolve("org.eclipse.osgi/framework.info.1"));
    run("x");
    assertEquals(-1, Files.mismatch(
        home.configuration().resolve("org.eclipse.osgi/framework.info.1"),
        Files.write(folder.resolve("before"), before)));
  }

  @Test
  void bundleThatCannotBeResolvedFailsThePreparationByName() throws Exception {
    bundle("wanting", "no.such.contract").into(home);
    var error = assertThrows(IllegalStateException.class, () -> Launch.prepare(home));
    assertTrue(error.getMessage().contains("wanting") && error.getMessage().contains("no.such.contract"), error.getMessage());
  }

  @Test
  void productWithoutACommandLineIsAFaultOfOurs() throws Exception {
    Files.delete(home.plugins().resolve("echo.jar"));
    assertEquals(Launch.INTERNAL_FAULT, run("x"));
  }

  @Test
  void bundlesOfTheShellAreLeftToWhoWantsAShell() throws Exception {
    Files.delete(home.plugins().resolve("echo.jar"));
    shell("org.osgi.framework");
    Launch.prepare(home);
    assertEquals(Launch.INTERNAL_FAULT, run("x"), "its command line");
  }

  @Test
  void bundleOfTheShellThatCannotBeResolvedFailsThePreparationToo() throws Exception {
    shell("no.such.contract");
    var error = assertThrows(IllegalStateException.class, () -> Launch.prepare(home));
    assertTrue(error.getMessage().contains("shell") && error.getMessage().contains("no.such.contract"), error.getMessage());
  }

  @Test
  void theNextRunClearsWhatAKilledOneLeftAndNothingOfOneThatLives() throws IOException {
    RunFolder living = RunFolder.make(folder);
    Path killed = Files.createDirectories(folder.resolve("xenolith-123/framework/x")).getParent().getParent();
    Files.writeString(killed.resolve("lock"), "");
    Path another = Files.createDirectories(folder.resolve("xenolith-of-something-else"));
    assertEquals(2, Launch.start(home, folder, new WayOut(), new String[] {"x", "y"}));
    assertFalse(Files.exists(killed));
    assertTrue(Files.exists(living.folder()) && Files.exists(another));
    living.discard();
    assertFalse(Files.exists(living.folder()));
  }

  private int run(String... arguments) throws Exception {
    return Launch.run(home, Files.createTempDirectory(folder, "storage"), new WayOut(), arguments);
  }

  private static MadeBundle bundle(String name, String importedPackage) {
    return new MadeBundle(name).header("Import-Package", importedPackage);
  }

  private void shell(String importedPackage) throws IOException {
    bundle("shell", importedPackage).header("Provide-Capability", "org.apache.felix.gogo;org.apache.felix.gogo=\"shell.implementation\"")
        .header("Bundle-Activator", EchoActivator.class.getName()).type(EchoActivator.class).into(home);
  }
}
