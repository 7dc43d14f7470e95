package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallDigestTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name':'t','arguments':{'a':1,'b':2}}|{'arguments':{'b':2,'a':1},'name':'t'}",
        "{'name':'t','arguments':{'a':1}}|{'name':'t','arguments':{'a':1.0}}",
        "{'name':'t','arguments':{'a':100}}|{'name':'t','arguments':{'a':1e+2}}",
        "{'name':'t','arguments':{'a':0}}|{'name':'t','arguments':{'a':-0.0e9}}",
        "{'name':'t','arguments':{'a':0.001}}|{'name':'t','arguments':{'a':1E-3}}",
        "{'name':'t','arguments':{'a':'é'}}|{'name':'t','arguments':{'a':'\\u00e9'}}",
        "{'name':'t','arguments':{'a':'/'}}|{'name':'\\u0074','arguments':{'\\u0061':'\\/'}}",
        "{'name':'t'}|{'name':'t','_meta':{'x':1},'inputResponses':{},'requestState':'s'}",
      })
  void the_same_call_written_differently_has_the_same_digest_4_T27(String one, String other) {
    assertThat(digest("tools/call", one)).isEqualTo(digest("tools/call", other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name':'t','arguments':{'a':1}}|{'name':'u','arguments':{'a':1}}",
        "{'name':'t','arguments':{'a':1}}|{'name':'t','arguments':{'a':2}}",
        "{'name':'t','arguments':{'a':1}}|{'name':'t','arguments':{'a':'1'}}",
        "{'name':'t','arguments':{'a':1}}|{'name':'t','arguments':{'b':1}}",
        "{'name':'t','arguments':{'a':null}}|{'name':'t','arguments':{}}",
        "{'name':'t','arguments':{'a':true}}|{'name':'t','arguments':{'a':'true'}}",
        "{'name':'t','arguments':{'a':[1,2]}}|{'name':'t','arguments':{'a':[2,1]}}",
        "{'name':'t','arguments':{'a':[[1],2]}}|{'name':'t','arguments':{'a':[1,[2]]}}",
        "{'name':'t','arguments':{'a':1}}|{'name':'t','arguments':{'a':-1}}",
        "{'name':'t','arguments':{'a':1}}|{'name':'t','arguments':{'a':10}}",
        "{'name':'t','arguments':{'a':9007199254740992}}"
            + "|{'name':'t','arguments':{'a':9007199254740993}}",
        "{'name':'t'}|{'name':'t','arguments':{}}",
      })
  void another_call_has_another_digest_MR_07(String one, String other) {
    assertThat(digest("tools/call", one)).isNotEqualTo(digest("tools/call", other));
  }

  @Test
  void the_method_counts_and_names_its_own_target() {
    assertThat(digest("prompts/get", "{'name':'t'}"))
        .isNotEqualTo(digest("tools/call", "{'name':'t'}"));
    assertThat(digest("resources/read", "{'uri':'a'}"))
        .isNotEqualTo(digest("resources/read", "{'uri':'b'}"));
  }

  @Test
  void the_digest_is_pinned_because_sealed_state_outlives_a_release() {
    // SHA-256 of ["tools/call","t",{"a":[15e-1,true,null],"b":"(e acute)"}]
    assertThat(digest("tools/call", "{'name':'t','arguments':{'b':'é','a':[1.50,true,null]}}"))
        .isEqualTo("41792e566b476c177e35db0640de0090d9963115d88385839f469732560f61e2");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-0,0",
    "0.000,0",
    "0e999999999999999999,0",
    "1e+99999999999999999,1e99999999999999999",
    "1.5e-99999999999999999,15e-100000000000000000",
    "1,1e0",
    "-1,-1e0",
    "10,1e1",
    "0.10,1e-1",
    "1200.3400,120034e-2",
    "1E5,1e5",
    "1e+5,1e5",
    "100e-2,1e0",
    "1.0e99999999999999999999,1.0e99999999999999999999",
    "123456789012345678901234567890,12345678901234567890123456789e1"
  })
  void a_number_is_its_digits_and_a_power_of_ten(String text, String exact) {
    assertThat(CallDigest.exactly(text)).isEqualTo(exact);
  }

  private static String digest(String method, String params) {
    return HexFormat.of().formatHex(CallDigest.of(method, object(params)));
  }
}
