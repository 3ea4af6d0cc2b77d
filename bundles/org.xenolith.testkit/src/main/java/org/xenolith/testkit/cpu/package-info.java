/** Guests for the tests of CPU engines. */
package org.xenolith.testkit.cpu;
