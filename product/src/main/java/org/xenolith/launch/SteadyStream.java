// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * A standard stream that nobody can hold or close: what it writes goes through a stream of its own, whose monitor no bundle has. Of the JDK's,
 * everybody has the monitor: who keeps it has all wait that have something to say, the program's end among them.
 */
final class SteadyStream extends PrintStream {
  private final PrintStream to;

  private SteadyStream(FileDescriptor descriptor, Charset charset) {
    this(new FileOutputStream(descriptor), charset);
  }

  SteadyStream(OutputStream out, Charset charset) {
    super(OutputStream.nullOutputStream(), false, charset);
    to = new PrintStream(out, true, charset);
  }

  /** From now on the process' standard streams are such. */
  static void install() {
    System.setOut(new SteadyStream(FileDescriptor.out, System.out.charset()));
    System.setErr(new SteadyStream(FileDescriptor.err, System.err.charset()));
  }

  @Override
  public void write(int b) {
    to.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    to.write(bytes, offset, length);
  }

  @Override
  public void write(byte[] bytes) {
    to.writeBytes(bytes);
  }

  @Override
  public void writeBytes(byte[] bytes) {
    to.writeBytes(bytes);
  }

  @Override
  public void print(boolean value) {
    to.print(value);
  }

  @Override
  public void print(char value) {
    to.print(value);
  }

  @Override
  public void print(int value) {
    to.print(value);
  }

  @Override
  public void print(long value) {
    to.print(value);
  }

  @Override
  public void print(float value) {
    to.print(value);
  }

  @Override
  public void print(double value) {
    to.print(value);
  }

  @Override
  public void print(char[] value) {
    to.print(value);
  }

  @Override
  public void print(String value) {
    to.print(value);
  }

  @Override
  public void print(Object value) {
    to.print(String.valueOf(value));
  }

  @Override
  public void println() {
    to.println();
  }

  @Override
  public void println(boolean value) {
    to.println(value);
  }

  @Override
  public void println(char value) {
    to.println(value);
  }

  @Override
  public void println(int value) {
    to.println(value);
  }

  @Override
  public void println(long value) {
    to.println(value);
  }

  @Override
  public void println(float value) {
    to.println(value);
  }

  @Override
  public void println(double value) {
    to.println(value);
  }

  @Override
  public void println(char[] value) {
    to.println(value);
  }

  @Override
  public void println(String value) {
    to.println(value);
  }

  @Override
  public void println(Object value) {
    to.println(String.valueOf(value));
  }

  @Override
  public PrintStream format(String format, Object... arguments) {
    to.print(String.format(format, arguments));
    return this;
  }

  @Override
  public PrintStream format(Locale locale, String format, Object... arguments) {
    to.print(String.format(locale, format, arguments));
    return this;
  }

  @Override
  public void flush() {
    to.flush();
  }

  @Override
  public boolean checkError() {
    return to.checkError();
  }

  /** The stream is the process', which goes on. */
  @Override
  public void close() {
    flush();
  }
}
