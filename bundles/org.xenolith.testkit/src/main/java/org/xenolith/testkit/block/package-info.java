/** Storage for tests of those who use it. */
package org.xenolith.testkit.block;
