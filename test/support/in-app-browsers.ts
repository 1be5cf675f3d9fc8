/*
 * Browsers inside apps, as their apps announce them: a link that a friend shares is opened in these more than anywhere else, and
 * every one of them is a person.
 */

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';
const ANDROID =
  'Mozilla/5.0 (Linux; Android 15; Pixel 8 Build/AP4A.250205.002; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/133.0.6943.89 Mobile Safari/537.36';
const SAMSUNG =
  'Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.135 Mobile Safari/537.36';

export const IN_APP_BROWSERS: readonly (readonly [app: string, userAgent: string])[] = [
  ['LINE on iOS', `${IPHONE} Safari Line/15.8.1`],
  ['LINE on Android', `${ANDROID} Line/15.6.1/IAB`],
  ['LINE of an iPad', 'Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/14.19.0'], // prettier-ignore
  ['Facebook on iOS', `${IPHONE} [FBAN/FBIOS;FBAV/508.0.0.46.83;FBBV/723465982;FBDV/iPhone16,2;FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3;FBID/phone;FBLC/ja_JP;FBOP/5;FBRV/0]`], // prettier-ignore
  ['Facebook on Android', `${ANDROID} [FB_IAB/FB4A;FBAV/505.0.0.59.79;]`],
  ['Facebook Lite', `${SAMSUNG} [FBAN/EMA;FBLC/pt_BR;FBAV/450.0.0.12.108;]`],
  ['Facebook with its new name', `${ANDROID} MetaIAB Facebook`],
  ['Messenger on iOS', `${IPHONE} [FBAN/MessengerForiOS;FBAV/503.0.0.44.109;FBBV/718465211;FBDV/iPhone15,3;FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3;FBLC/en_US;FBOP/5]`], // prettier-ignore
  ['Messenger on Android', `${SAMSUNG} [FB_IAB/Orca-Android;FBAV/499.0.0.55.109;]`],
  ['Instagram on iOS', `${IPHONE} Instagram 380.0.0.28.85 (iPhone15,2; iOS 18_5; ja_JP; ja; scale=3.00; 1179x2556; 732512899; IABMV/1)`], // prettier-ignore
  ['Instagram on Android', `${SAMSUNG} Instagram 378.0.0.52.68 Android (34/14; 450dpi; 1080x2115; samsung; SM-S918B; dm3q; qcom; de_DE; 729384756; IABMV/1)`], // prettier-ignore
  ['Threads', `${IPHONE} Barcelona 370.0.0.21.111 (iPhone16,1; iOS 18_5; en_GB; en; scale=3.00; 1179x2556; 719245823)`],
  ['X on iOS', `${IPHONE} Twitter for iPhone/10.98`],
  ['X on iOS with Safari', `${IPHONE} Safari/604.1 Twitter for iPhone/11.4`],
  ['X on Android', `${ANDROID} TwitterAndroid`],
  ['TikTok on iOS', `${IPHONE} musical_ly_39.5.0 BytedanceWebview/d8a21c6 trill_395016 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/GB`], // prettier-ignore
  ['TikTok on Android', `${SAMSUNG} trill_2023907040 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/musical_ly app_version/39.7.4 ByteLocale/de-DE ByteFullLocale/de-DE Region/DE BytedanceWebview/d8a21c6`], // prettier-ignore
  ['Douyin', `${ANDROID} aweme_330100 JsSdk/1.0 NetType/4G Channel/update AppName/aweme app_version/33.1.0 ByteLocale/zh-CN`], // prettier-ignore
  ['WeChat on iOS', `${IPHONE} MicroMessenger/8.0.60(0x18003c2d) NetType/WIFI Language/zh_CN`],
  ['WeChat on Android', 'Mozilla/5.0 (Linux; Android 14; 23127PN0CC Build/UKQ1.230804.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.103 Mobile Safari/537.36 XWEB/1300289 MMWEBSDK/20250202 MMWEBID/3713 MicroMessenger/8.0.58.2841(0x28003A3F) WeChat/arm64 Weixin NetType/5G Language/zh_CN ABI/arm64'], // prettier-ignore
  ['WeChat on Windows', 'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090c33) XWEB/13655 Flue'], // prettier-ignore
  ['QQ', `${ANDROID} V1_AND_SQ_9.1.30_8538_YYB_D QQ/9.1.30.22915 NetType/WIFI WebP/0.3.0 AppId/537268321 Pixel/1080`],
  ['Weibo', `${IPHONE} Weibo (iPhone15,2__weibo__15.3.1__iphone__os18.5)`],
  ['KakaoTalk on iOS', `${IPHONE} KAKAOTALK 25.3.0`],
  ['KakaoTalk on Android', `${SAMSUNG};KAKAOTALK 2411010`],
  ['Naver', `${IPHONE} NAVER(inapp; search; 2000; 12.10.1; 16PRO)`],
  ['LinkedIn on iOS', `${IPHONE} [LinkedInApp]/9.30.4512`],
  ['LinkedIn on Android', `${ANDROID} [LinkedInApp]/4.1.1050`],
  ['Snapchat on iOS', `${IPHONE} Version/18.5 Safari/604.1 Snapchat/13.42.0.48 (like Safari/8621.2.5.10.4, panda)`],
  ['Snapchat on Android', `${ANDROID} Snapchat/13.40.0.55 (Pixel 8; Android 15#12650024#35; gzip; )`],
  ['Slack on iOS', `${IPHONE} Slack/25.06.20`],
  ['Slack on a desk', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.43.51 Chrome/134.0.6998.205 Electron/35.1.5 Safari/537.36 AppleSilicon MAS'], // prettier-ignore
  ['Microsoft Teams', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36 Edg/134.0.0.0 Teams/25060.205.3499.6849/50'], // prettier-ignore
  ['Discord', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) discord/1.0.9188 Chrome/130.0.6723.191 Electron/33.4.0 Safari/537.36'], // prettier-ignore
  ['Gmail and the search app on iOS', `${IPHONE} Version/18.5 GSA/367.0.752423412 Mobile/15E148 Safari/604.1`],
  ['Gmail on Android', ANDROID],
  ['the search app on Android', `${ANDROID} GSA/16.10.39.sa.arm64`],
  ['Outlook on iOS', `${IPHONE} Outlook-iOS/2.0`],
  ['Outlook on Android', `${SAMSUNG} PKeyAuth/1.0`],
  ['Yahoo! JAPAN', `${IPHONE} YJApp-IOS jp.co.yahoo.ipn.appli/4.122.0`],
  ['Yahoo! JAPAN on Android', `${ANDROID} YJApp-ANDROID jp.co.yahoo.android.yjtop/3.182.0`],
  ['SmartNews', `${IPHONE} SmartNews/25.5.1`],
  ['Pinterest', `${IPHONE} [Pinterest/iOS]`],
  ['Reddit on iOS', `${IPHONE} Reddit/Version 2025.20.0/Build 619845/iOS Version 18.5 (Build 22F76)`],
  ['Telegram', `${ANDROID} Telegram-Android/11.9.2 (Google Pixel 8; Android 15; SDK 35; HIGH)`],
  ['Viber', `${ANDROID} Viber/24.7.0.2`],
  ['Firefox Focus', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/138.0 Mobile/15E148 Safari/605.1.15'], // prettier-ignore
  ['DuckDuckGo', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15'], // prettier-ignore
  ['a web view of iOS that says nothing of its app', IPHONE],
];
