// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.machine.api.EventLog;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImageMachineTest {
  private static final String HANGS = "/uart: org.x.uart 1.0.0 has not come back for 3 s";
  @TempDir
  Path folder;

  @Test
  void aModelThatHangsWhileTheMachineIsMadeEndsTheMaking() {
    CountDownLatch comesBack = new CountDownLatch(1);
    Launcher launcher = (Launcher) Proxy.newProxyInstance(Launcher.class.getClassLoader(), new Class<?>[] {Launcher.class}, (self,
        method, arguments) -> {
      ((EventLog) arguments[2]).announce("model-hangs", "/uart", HANGS);
      comesBack.await();
      return null;
    });
    FakeImage image = new FakeImage();
    String says = assertThrows(BootException.class, () -> new ImageMachine(launcher, HangLimit.ofSeconds(0.01)).make(image, image.plan(1,
        FakeImage.USUAL), folder.resolve("image"), folder, folder.resolve("log"), ProgressListener.SILENT)).getMessage();
    comesBack.countDown();
    assertTrue(says.startsWith("the image 'fake' was not made: " + HANGS + ": the machine was given up. "), says);
  }
}
