// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.ToolBar;
import org.eclipse.swt.widgets.ToolItem;
import org.eclipse.swt.widgets.Widget;

/** What a person does at a window: looks, waits, presses, answers dialogs. UI thread only. */
final class Person {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);
  private static final int GLANCE = 20;
  private static final long DEVELOPED = TimeUnit.SECONDS.toNanos(1);
  private final Display display;

  Person(Display display) {
    this.display = display;
  }

  /** Waits until something is so, while the window goes on living. */
  void await(String what, BooleanSupplier so, Supplier<String> otherwise) {
    long deadline = System.nanoTime() + PATIENCE;
    boolean[] ticking = {true};
    display.timerExec(GLANCE, new Runnable() {
      @Override
      public void run() {
        if (ticking[0]) {
          display.timerExec(GLANCE, this); // so that the loop below looks again when nothing happens
        }
      }
    });
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what + "; there is: " + otherwise.get());
      }
      if (!display.readAndDispatch()) {
        display.sleep();
      }
    }
    ticking[0] = false;
  }

  /** Answers the next dialog of a title, whose opening doesn't return before; a fault in the answer closes it and is kept. */
  Answer answer(String title, Consumer<Shell> how) {
    Answer answer = new Answer(title, how);
    display.timerExec(GLANCE, answer);
    return answer;
  }

  final class Answer implements Runnable {
    private final String title;
    private final Consumer<Shell> how;
    private boolean given;
    private Throwable fault;

    private Answer(String title, Consumer<Shell> how) {
      this.title = title;
      this.how = how;
    }

    @Override
    public void run() {
      Shell dialog = Arrays.stream(display.getShells()).filter(s -> s.getText().equals(title) && s.isVisible()).findFirst()
          .orElse(null);
      if (dialog == null) {
        display.timerExec(GLANCE, this);
        return;
      }
      given = true;
      try {
        how.accept(dialog);
      } catch (Throwable e) {
        fault = e;
        dialog.close();
      }
    }

    /** Fails unless the dialog came and was answered. */
    void check() {
      if (fault != null) {
        throw new AssertionError("the answer to '" + title + "' failed", fault);
      }
      if (!given) {
        throw new AssertionError("no dialog '" + title + "' came");
      }
    }
  }

  /** Presses the button of that text in a window or a part of one. */
  void press(Composite where, String text) {
    Button button = find(where, Button.class, b -> b.getText().replace("&", "").equals(text));
    if (!button.isEnabled()) {
      throw new AssertionError("'" + text + "' can't be pressed");
    }
    select(button);
  }

  /** The tool of that text. */
  ToolItem tool(Composite where, String text) {
    return all(where, ToolBar.class).stream().flatMap(bar -> Arrays.stream(bar.getItems())).filter(item -> item.getText().equals(text))
        .findFirst().orElseThrow(() -> new AssertionError("no tool '" + text + "'"));
  }

  /** All labels that can be read. */
  List<String> texts(Composite where) {
    return all(where, Label.class).stream().filter(Control::isVisible).map(Label::getText).toList();
  }

  /** Tells a widget that it was selected. */
  void select(Widget widget) {
    Event event = new Event();
    event.widget = widget;
    event.display = display;
    widget.notifyListeners(SWT.Selection, event);
  }

  /** Clicks somewhere into a control. */
  void click(Control control) {
    for (int type : new int[] {SWT.MouseDown, SWT.MouseUp}) {
      Event event = new Event();
      event.widget = control;
      event.display = display;
      event.button = 1;
      control.notifyListeners(type, event);
    }
  }

  /** Presses keys in a control. */
  void type(Control control, String text) {
    for (char c : text.toCharArray()) {
      Event event = new Event();
      event.widget = control;
      event.display = display;
      event.character = c;
      event.keyCode = c;
      control.notifyListeners(SWT.KeyDown, event);
    }
  }

  /** The only control of a kind that fits. */
  static <T extends Control> T find(Composite where, Class<T> type, Predicate<T> fits) {
    List<T> found = all(where, type).stream().filter(fits).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " controls of type " + type.getSimpleName() + " fit, expected 1");
    }
    return found.getFirst();
  }

  static <T extends Control> List<T> all(Composite where, Class<T> type) {
    List<T> found = new ArrayList<>();
    for (Control control : where.getChildren()) {
      if (type.isInstance(control)) {
        found.add(type.cast(control));
      }
      if (control instanceof Composite composite) {
        found.addAll(all(composite, type));
      }
    }
    return found;
  }

  /** Saves what the screen shows of a window, once it has shown everything. */
  void photograph(Shell shell, Path file) {
    long ready = System.nanoTime() + DEVELOPED;
    await("the picture", () -> System.nanoTime() > ready, () -> "");
    GC gc = new GC(display);
    Point client = shell.toDisplay(0, 0); // below the menu
    Point corner = shell.getLocation();
    Image image = new Image(display, shell.getClientArea().width + client.x - corner.x,
        shell.getClientArea().height + client.y - corner.y);
    try {
      gc.copyArea(image, corner.x, corner.y);
      ImageLoader loader = new ImageLoader();
      loader.data = new org.eclipse.swt.graphics.ImageData[] {image.getImageData()};
      loader.save(file.toString(), SWT.IMAGE_PNG);
    } finally {
      image.dispose();
      gc.dispose();
    }
  }
}
