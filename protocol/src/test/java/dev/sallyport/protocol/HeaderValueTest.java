package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "us-west1",
        "us west 1",
        "",
        "my-tool_name",
        "file:///path/to/file%20name.txt",
        "https://example.com/resource?id=123",
        "=?base64?SGVsbG8=",
        "SGVsbG8=?=",
        "=?BASE64?SGVsbG8=?=",
        "~!\"#$%&'()"
      })
  void plain_text_travels_as_it_is(String text) {
    assertThat(HeaderValue.encode(text)).isEqualTo(text);
    assertThat(HeaderValue.decode(text)).contains(text);
  }

  @Test
  void everything_else_travels_as_base64_CH_07() {
    assertEncoding(" us-west1", "=?base64?IHVzLXdlc3Qx?=");
    assertEncoding("us-west1 ", "=?base64?dXMtd2VzdDEg?=");
    assertEncoding(" us-west1 ", "=?base64?IHVzLXdlc3QxIA==?=");
    assertEncoding(" padded ", "=?base64?IHBhZGRlZCA=?=");
    assertEncoding("日本語", "=?base64?5pel5pys6Kqe?=");
    assertEncoding("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?=");
    assertEncoding("line1\nline2", "=?base64?bGluZTEKbGluZTI=?=");
    assertEncoding("line1\r\nline2", "=?base64?bGluZTENCmxpbmUy?=");
    assertEncoding("\tindented", "=?base64?CWluZGVudGVk?=");
    assertEncoding("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=");
    assertEncoding("a\tb", "=?base64?YQli?=");
    assertEncoding("\0", "=?base64?AA==?=");
    assertEncoding("\u007f", "=?base64?fw==?=");
    assertEncoding("=?base64??=", "=?base64?PT9iYXNlNjQ/Pz0=?=");
  }

  @Test
  void text_whose_markers_share_a_character_is_encoded_too() {
    // Begins with the one marker and ends with the other, as the rule has it, but has no room for
    // both.
    assertEncoding("=?base64?=", "=?base64?PT9iYXNlNjQ/PQ==?=");
    assertThat(HeaderValue.decode("=?base64?=")).contains("=?base64?=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {" foo|foo", "foo |foo", "  foo  |foo", "\tfoo\t|foo", " =?base64?SGVsbG8=?= |Hello"})
  void white_space_around_a_value_does_not_count_HD_05(String field, String text) {
    assertThat(HeaderValue.decode(field)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=?base64?SGVsbG8?=", // no padding
        "=?base64?SGVsbG8==?=", // too much padding
        "=?base64?SGVs!!!bG8=?=", // outside the alphabet
        "=?base64?SGVs!!!?=",
        "=?base64?SGVs bG8=?=",
        "=?base64?SGVsbG9=?=", // stray bits in the last character
        "=?base64?__79?=", // the URL alphabet
        "=?base64?=?=",
        "=?base64?A?=",
        "=?base64?gA==?=", // a continuation byte alone
        "=?base64?wIA=?=", // an overlong NUL
        "=?base64?7aCA?=", // a surrogate
        "=?base64?9JCAgA==?=", // beyond Unicode
      })
  void base64_that_is_not_exactly_right_is_a_fault_HD_07_HD_08(String field) {
    assertThat(HeaderValue.decode(field)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"us-wést1", "a\0b", "a\rb", "a\nb", "a\u007fb", "日本", "\u000bfoo"})
  void a_character_no_field_may_hold_is_a_fault_HD_09(String field) {
    assertThat(HeaderValue.decode(field)).isEmpty();
  }

  @Test
  void a_tab_inside_a_value_is_allowed() {
    assertThat(HeaderValue.decode("a\tb")).contains("a\tb");
  }

  private static void assertEncoding(String text, String field) {
    assertThat(HeaderValue.encode(text)).isEqualTo(field);
    assertThat(HeaderValue.decode(field)).contains(text);
  }
}
